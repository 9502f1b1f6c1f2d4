package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;

/**
 * The resources of a type that the API server selects by their fields, and the ways to ask for them. No request is
 * repeated and no watch reconnects: each failure is thrown, or told to the watcher, at once.
 */
final class Selection {
    private final ResourceDefinitionContext type;
    private final Map<String, String> fields;
    private final MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            all;
    private final FilterWatchListDeletable<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            selected;

    Selection(KubernetesClient client, ResourceDefinitionContext type, Map<String, String> fields) {
        this.type = type;
        this.fields = Map.copyOf(fields);
        RequestConfig once = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(0)
                .build();
        all = client.newClient(once).adapt(KubernetesClient.class).genericKubernetesResources(type);
        selected = all.withFields(fields);
    }

    /** What some API server remembers, be it old. */
    GenericKubernetesResourceList remembered() {
        return selected.list(version("0").build());
    }

    /** What an API server remembers, at least as new as that version. */
    GenericKubernetesResourceList notOlderThan(String version) {
        return selected.list(notOlder(version).build());
    }

    /** What etcd has. */
    GenericKubernetesResourceList stored() {
        return selected.list(new ListOptions());
    }

    /** Fails if the API server's past does not reach that version. */
    void probe(String version) {
        all.list(notOlder(version).withLimit(1L).build());
    }

    /** Watches what came after that version; returns when the watch stands. */
    Watch watch(String version, Watcher<GenericKubernetesResource> watcher) {
        return selected.watch(version(version).withAllowWatchBookmarks(true).build(), watcher);
    }

    private static ListOptionsBuilder version(String version) {
        return new ListOptionsBuilder().withResourceVersion(version);
    }

    private static ListOptionsBuilder notOlder(String version) {
        return version(version).withResourceVersionMatch("NotOlderThan");
    }

    @Override
    public String toString() {
        return fields.isEmpty() ? type.getPlural() : type.getPlural() + " with " + fields;
    }
}

package dev.flannelx.kube;

import dev.flannelx.network.Spans;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    private final Duration patience;
    private final long pageSize;

    /** All at once. */
    Selection(KubernetesClient client, ResourceDefinitionContext type, Map<String, String> fields) {
        this(client, type, fields, 0);
    }

    /** @param pageSize how many at once, at most; 0 for all */
    Selection(KubernetesClient client, ResourceDefinitionContext type, Map<String, String> fields, long pageSize) {
        this.type = type;
        this.pageSize = pageSize;
        this.fields = Map.copyOf(fields);
        patience = Duration.ofMillis(client.getConfiguration().getRequestTimeout());
        RequestConfig once = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectLimit(0)
                .build();
        all = client.newClient(once).adapt(KubernetesClient.class).genericKubernetesResources(type);
        selected = all.withFields(fields);
    }

    /** What some API server remembers, be it old; or what etcd has, since nobody remembers in pages. */
    Listing remembered() {
        return isPaged() ? stored() : list(version("0"));
    }

    /** What an API server remembers, at least as new as that version. */
    Listing notOlderThan(String version) {
        return isPaged() ? stored() : list(notOlder(version));
    }

    /** What etcd has. */
    Listing stored() {
        return list(new ListOptionsBuilder());
    }

    private boolean isPaged() {
        return pageSize > 0;
    }

    private Listing list(ListOptionsBuilder options) {
        if (isPaged()) {
            options.withLimit(pageSize);
        }
        return new Listing(
                selected.list(options.build()),
                token -> selected.list(options.withContinue(token).build()));
    }

    /** Fails if the API server's past does not reach that version. */
    void probe(String version) {
        all.list(notOlder(version).withLimit(1L).build());
    }

    /** Watches what came after that version; returns when the watch stands. */
    Watch watch(String version, Watcher<GenericKubernetesResource> watcher) throws InterruptedException {
        ListOptions options = version(version).withAllowWatchBookmarks(true).build();
        var begun = new CompletableFuture<Watch>();
        Thread.startVirtualThread(() -> {
            try {
                begun.complete(selected.watch(options, watcher));
            } catch (RuntimeException e) {
                begun.completeExceptionally(e);
            }
        });
        return within(patience, begun);
    }

    /** fabric8 itself waits for ever for the answer to a request that begins a watch. */
    private static Watch within(Duration patience, CompletableFuture<Watch> begun) throws InterruptedException {
        boolean stands = false;
        try {
            Watch watch = begun.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            stands = true;
            return watch;
        } catch (TimeoutException e) {
            throw new KubernetesClientException("no answer to a watch within " + Spans.format(patience), e);
        } catch (ExecutionException e) {
            throw KubernetesClientException.launderThrowable(e.getCause());
        } finally {
            if (!stands) {
                var _ = begun.thenAccept(Watch::close);
            }
        }
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

package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;

/** Tells a resource that somebody deleted from one that goes with its type. */
record Definitions(KubernetesClient client) {
    /**
     * Whether the type is there to stay, by a read that is not from any cache.
     *
     * @throws IOException if nobody knows
     */
    boolean isThere(ResourceDefinitionContext type) throws IOException {
        CustomResourceDefinition definition = ApiCall.read(() -> client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(type.getPlural() + "." + type.getGroup())
                .get());
        return definition != null && definition.getMetadata().getDeletionTimestamp() == null;
    }
}

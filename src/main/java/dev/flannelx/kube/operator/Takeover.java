package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The beginning of a term. What the leader before wrote last may not have come by the watches yet, and who decides on less
 * than it did raises one node too many.
 */
record Takeover(KubernetesClient client, Caches caches) {
    /**
     * Whether the caches show what only a leader writes as it is stored, and the networks that it was written about: an
     * order is not to be taken for that of an earlier network only because the latest one has not been seen yet.
     *
     * @throws IOException if nobody knows
     */
    boolean isDone() throws IOException {
        return showOrders() && showNetworks();
    }

    private boolean showOrders() throws IOException {
        Map<String, SeenFlannelNode> seen = caches.agents();
        return stored(ResourceTypes.FLANNEL_NODES).stream()
                .map(FlannelNodeMapping::seen)
                .allMatch(agent -> {
                    SeenFlannelNode cached = seen.get(agent.name());
                    return agent.orders().isEmpty()
                            || (cached != null && cached.orders().equals(agent.orders()));
                });
    }

    private boolean showNetworks() throws IOException {
        Map<String, OperatedNetwork> seen = caches.networks();
        return stored(ResourceTypes.NETWORKS).stream().map(OperatedNetwork::of).allMatch(network -> {
            OperatedNetwork cached = seen.get(network.seen().name());
            return cached != null
                    && cached.seen().uid().equals(network.seen().uid())
                    && cached.seen().generation() == network.seen().generation()
                    && (network.progress() == null || network.progress().equals(cached.progress()));
        });
    }

    private List<GenericKubernetesResource> stored(ResourceDefinitionContext type) throws IOException {
        try {
            return ApiCall.read(
                    () -> client.genericKubernetesResources(type).list().getItems());
        } catch (IOException e) {
            if (ApiCall.isNotFound(e)) {
                return List.of();
            }
            throw e;
        }
    }
}

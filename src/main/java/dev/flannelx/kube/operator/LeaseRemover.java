package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.kube.StoredLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.reconcile.operator.AgentReport;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.ClusterView;
import dev.flannelx.reconcile.operator.Removal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes leases away that a look at the caches found out of place. The caches may be late, so that each reason is looked at
 * again by reads that are not from any cache, and the lease goes only as it was seen.
 */
final class LeaseRemover {
    private final KubernetesClient client;
    private final Fence fence;
    private final LeaseTypeGuard guard;

    LeaseRemover(KubernetesClient client, Fence fence, LeaseTypeGuard guard) {
        this.client = client;
        this.fence = fence;
        this.guard = guard;
    }

    /**
     * Removes the lease, unless the reason does not hold any more.
     *
     * @param found what the removal was found in
     * @return whether it is gone, or emptied, by this
     * @throws IOException if nobody knows, or leases cannot be told from their type
     */
    boolean remove(Removal removal, ClusterView found) throws IOException {
        boolean right = switch (removal) {
            case Removal.Expired expired -> isExpired(expired.lease(), found);
            case Removal.Surplus surplus ->
                leases(surplus.lease())
                        .find(surplus.kept())
                        .filter(kept -> kept.node().equals(surplus.lease().node())
                                && (kept.reserved()
                                        || kept.nodeUid().equals(surplus.lease().nodeUid())))
                        .isPresent();
            case Removal.Outside outside ->
                node(outside.lease())
                        .filter(node -> outside.podCidrs().equals(node.podSubnet()))
                        .isPresent();
        };
        if (!right) {
            return false;
        }
        guard.check();
        fence.check();
        return leases(removal.lease()).releaseUnchanged(removal.lease());
    }

    private boolean isExpired(Lease lease, ClusterView found) throws IOException {
        Optional<SeenNode> node = node(lease);
        if (node.isEmpty() || !node.get().uid().equals(lease.nodeUid())) {
            return true;
        }
        ClusterNode then = found.nodes().get(lease.node());
        if (then == null || !then.uid().equals(lease.nodeUid())) {
            // The Node had not been seen yet: it is neither gone nor another one.
            return false;
        }
        Instant heartbeat = read(ResourceTypes.FLANNEL_NODES, lease.node())
                .map(FlannelNodeMapping::seen)
                .map(SeenFlannelNode::renewTime)
                .orElse(null);
        return !node.get().ready() && Objects.equals(heartbeat, heartbeat(then));
    }

    private static @Nullable Instant heartbeat(ClusterNode node) {
        AgentReport agent = node.agent();
        return agent == null ? null : agent.heartbeat();
    }

    private Optional<SeenNode> node(Lease lease) throws IOException {
        return read(ResourceTypes.NODES, lease.node()).map(NodeMapping::seen);
    }

    private StoredLeases leases(Lease lease) {
        return new StoredLeases(client, lease.network());
    }

    private Optional<GenericKubernetesResource> read(ResourceDefinitionContext type, String name) throws IOException {
        return ApiCall.read(() -> Optional.ofNullable(
                client.genericKubernetesResources(type).withName(name).get()));
    }
}

package dev.flannelx.kube;

import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A FlannelNode as somebody finds it in the cluster: what the operator told the node, and what its agent said.
 *
 * @param nodeUid of the Node that owns it, or empty
 * @param orders by the name of the network
 * @param renewTime the agent's last sign of life, by its own clock, or null
 * @param agentVersion or empty
 * @param networks where the node stands, by the name of the network; {@code peers.removing} is not among what is said
 */
public record SeenFlannelNode(
        String name,
        String uid,
        String nodeUid,
        Map<String, NodeOrder> orders,
        @Nullable Instant renewTime,
        String agentVersion,
        Map<String, NetworkStatus> networks) {

    public SeenFlannelNode {
        orders = Map.copyOf(orders);
        networks = Map.copyOf(networks);
    }
}

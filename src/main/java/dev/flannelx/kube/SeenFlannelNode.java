package dev.flannelx.kube;

import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import java.time.Duration;
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

    /** How old a heartbeat may be: an agent writes one every hour or so, and two in a row were missed. */
    public static final Duration HEARTBEAT_PATIENCE = Duration.ofHours(3);

    public SeenFlannelNode {
        orders = Map.copyOf(orders);
        networks = Map.copyOf(networks);
    }

    /** Whether it is of that Node, and not what an earlier one of the name left, which nobody has collected yet. */
    public boolean isOf(SeenNode node) {
        return nodeUid.isEmpty() || nodeUid.equals(node.uid());
    }
}

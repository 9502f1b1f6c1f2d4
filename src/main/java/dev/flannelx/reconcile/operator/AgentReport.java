package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A FlannelNode: what the operator told an agent, and what the agent says.
 *
 * @param heartbeat by the agent's clock, so only to be compared with the one before; null before the first
 * @param orders by the name of the network
 * @param networks where the node stands, by the name of the network
 */
public record AgentReport(
        @Nullable Instant heartbeat, Map<String, NodeOrder> orders, Map<String, NetworkStatus> networks) {
    public AgentReport {
        orders = Map.copyOf(orders);
        networks = Map.copyOf(networks);
    }

    public NodeOrder order(String network) {
        return orders.getOrDefault(network, NodeOrder.NONE);
    }
}

package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NodeOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds what the operator told nodes about networks that are gone. A generation says nothing without its network, and
 * something wrong once another has its name. A teardown stands until the node has nothing left of it. Not thread-safe.
 */
public final class StaleOrders {
    /** How long an agent has to say that it has something of a network: it writes its status with a delay. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, Instant> goneSince = new HashMap<>();

    /**
     * Looks at all nodes.
     *
     * @param present the names of the networks that there are
     * @return by node and network what is left of its order: {@link NodeOrder#NONE} for nothing
     */
    public Map<String, Map<String, NodeOrder>> find(Set<String> present, ClusterView cluster, Instant now) {
        goneSince.keySet().removeAll(present);
        var found = new HashMap<String, Map<String, NodeOrder>>();
        cluster.nodes().values().forEach(node -> {
            if (node.agent() != null) {
                node.agent().orders().forEach((network, order) -> {
                    if (!present.contains(network)) {
                        NodeOrder left = left(node, network, order, now);
                        if (!left.equals(order)) {
                            found.computeIfAbsent(node.name(), key -> new HashMap<>())
                                    .put(network, left);
                        }
                    }
                });
            }
        });
        return found;
    }

    private NodeOrder left(ClusterNode node, String network, NodeOrder order, Instant now) {
        Instant since = goneSince.computeIfAbsent(network, key -> now);
        boolean done = node.standing(network) == null && !since.plus(PATIENCE).isAfter(now);
        return done ? NodeOrder.NONE : new NodeOrder(null, order.teardown());
    }
}

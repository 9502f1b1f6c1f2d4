package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds what the operator told nodes about networks that are gone. A generation says nothing without its network, and
 * something wrong once another has its name: a generation that the network of that name has not reached yet was ordered
 * for an earlier one, and would let a change reach every node at once. A teardown stands until the node has nothing left
 * of it. Not thread-safe.
 */
public final class StaleOrders {
    /** How long an agent has to say that it has something of a network: it writes its status with a delay. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Map<String, Instant> goneSince = new HashMap<>();

    /**
     * Looks at all nodes.
     *
     * @param present all networks that there are, none of them older than what their orders were decided on
     */
    public List<StaleOrder> find(Collection<SeenNetwork> present, ClusterView cluster, Instant now) {
        Map<String, Long> generations =
                present.stream().collect(Collectors.toMap(SeenNetwork::name, SeenNetwork::generation));
        goneSince.keySet().removeAll(generations.keySet());
        var found = new ArrayList<StaleOrder>();
        cluster.nodes().values().forEach(node -> {
            if (node.agent() != null) {
                node.agent().orders().forEach((network, order) -> {
                    Long generation = generations.get(network);
                    NodeOrder left = generation == null
                            ? leftOfOneThatIsGone(node, network, order, now)
                            : leftOfOneThatIsThere(generation, order);
                    if (!left.equals(order)) {
                        found.add(new StaleOrder(node.name(), network, order, left));
                    }
                });
            }
        });
        return found;
    }

    private NodeOrder leftOfOneThatIsGone(ClusterNode node, String network, NodeOrder order, Instant now) {
        Instant since = goneSince.computeIfAbsent(network, key -> now);
        boolean done = node.standing(network) == null && !since.plus(PATIENCE).isAfter(now);
        return done ? NodeOrder.NONE : withoutGeneration(order);
    }

    private static NodeOrder leftOfOneThatIsThere(long generation, NodeOrder order) {
        return order.generation() != null && order.generation() > generation ? withoutGeneration(order) : order;
    }

    private static NodeOrder withoutGeneration(NodeOrder order) {
        return new NodeOrder(null, order.teardown());
    }
}

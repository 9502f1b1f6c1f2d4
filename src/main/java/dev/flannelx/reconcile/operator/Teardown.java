package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a network that was deleted from its nodes. Every agent is told by its order, whether it is known to have joined
 * or not: who was dead, or had not said so yet, finds it there later. Not thread-safe.
 */
final class Teardown {
    private @Nullable Instant since;

    /**
     * How far it is.
     *
     * @param orders that are still to be written, by node
     * @param waitingFor nodes that still have something of the network
     */
    record Step(Map<String, NodeOrder> orders, List<String> waitingFor, Release release, Optional<Instant> nextAt) {
        Step {
            orders = Map.copyOf(orders);
            waitingFor = List.copyOf(waitingFor);
        }
    }

    /** @param timeout how long nodes are waited for, from the first call on */
    Step step(SeenNetwork network, Duration timeout, ClusterView cluster, Instant now) {
        if (since == null) {
            since = now;
        }
        var orders = new HashMap<String, NodeOrder>();
        cluster.nodes().values().forEach(node -> {
            if (node.agent() != null) {
                NodeOrder before = node.agent().order(network.name());
                NodeOrder order = order(before, network.uid(), !isSilent(node, cluster));
                if (!order.equals(before)) {
                    orders.put(node.name(), order);
                }
            }
        });
        List<String> waitingFor = cluster.nodes().values().stream()
                .filter(node -> node.standing(network.name()) != null)
                .map(ClusterNode::name)
                .sorted()
                .toList();
        Instant end = since.plus(timeout);
        boolean late = !end.isAfter(now);
        boolean done = network.tearingDown() && orders.isEmpty() && waitingFor.isEmpty();
        return late
                ? new Step(orders, waitingFor, done ? Release.DONE_LATE : Release.TIMED_OUT, Optional.empty())
                : new Step(orders, waitingFor, done ? Release.DONE : Release.NO, Optional.of(end));
    }

    /** A node that is silent may not have read yet that it is to take down an earlier network of that name. */
    private static NodeOrder order(NodeOrder before, String uid, boolean answers) {
        String teardown = before.teardown() == null || answers ? uid : before.teardown();
        return new NodeOrder(null, teardown);
    }

    private static boolean isSilent(ClusterNode node, ClusterView cluster) {
        return node.health() == NodeHealth.SILENT || cluster.silentAgents().contains(node.name());
    }
}

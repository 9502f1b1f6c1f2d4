package dev.flannelx.reconcile.operator;

import dev.flannelx.network.Network;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One network in the eyes of an operator that leads: its roll-out or teardown, and what its status is to say. It begins
 * with a term of leadership, reads off the cluster what an earlier leader left, and counts time afresh. Not thread-safe.
 */
public final class NetworkOperator {
    /** How long a teardown waits where the network does not say: its spec makes no sense. */
    private static final Duration TEARDOWN_TIMEOUT = Duration.ofMinutes(5);

    private final RolloutPlanner rollout;
    private final Teardown teardown = new Teardown();

    /**
     * An operator of the network, which is to be the same resource, by uid, at each call.
     *
     * @param before what the network's status says about the progress of its latest generation, or null
     */
    public NetworkOperator(SeenNetwork network, @Nullable Progress before) {
        rollout = new RolloutPlanner(network.generation(), before);
    }

    /**
     * Decides.
     *
     * @param all the networks of the cluster, this one among them
     */
    public Decision decide(SeenNetwork seen, Collection<SeenNetwork> all, ClusterView cluster, Instant now) {
        Acceptance acceptance = Acceptance.of(all).getOrDefault(seen.name(), new Acceptance.Invalid(List.of("unseen")));
        Network network = switch (acceptance) {
            case Acceptance.Valid(Network valid) -> valid;
            case Acceptance.Overlapping(Network valid, String _) -> valid;
            case Acceptance.Invalid _ -> null;
        };
        List<Member> members = Members.of(seen.name(), network, cluster);
        var reporter = new NetworkReporter(seen, acceptance, members);
        SubnetFigures subnets = network == null ? null : SubnetFigures.of(network, cluster);
        if (seen.deleted()) {
            Duration timeout = network == null ? TEARDOWN_TIMEOUT : network.teardownTimeout();
            Teardown.Step step = teardown.step(seen, timeout, cluster, now);
            return new Decision(step.orders(), reporter.report(subnets, null, step), step.release(), step.nextAt());
        }
        return switch (acceptance) {
            case Acceptance.Invalid _ -> statusOnly(reporter.report(subnets, null, null));
            case Acceptance.Overlapping _ -> statusOnly(reporter.report(subnets, null, null));
            case Acceptance.Valid(Network valid) -> {
                RolloutPlan plan = seen.paused()
                        ? rollout.hold(seen.generation(), "paused", members, now)
                        : rollout.plan(seen.generation(), valid.rollout(), members, now);
                yield new Decision(
                        orders(seen, plan, cluster),
                        reporter.report(subnets, plan.progress(), null),
                        Release.NO,
                        plan.nextAt());
            }
        };
    }

    private static Decision statusOnly(NetworkReport report) {
        return new Decision(Map.of(), report, Release.NO, Optional.empty());
    }

    private static Map<String, NodeOrder> orders(SeenNetwork seen, RolloutPlan plan, ClusterView cluster) {
        var orders = new HashMap<String, NodeOrder>();
        for (String name : plan.raise()) {
            ClusterNode node = cluster.nodes().get(name);
            if (node != null && node.agent() != null) {
                orders.put(
                        name,
                        new NodeOrder(
                                seen.generation(),
                                node.agent().order(seen.name()).teardown()));
            }
        }
        return orders;
    }
}

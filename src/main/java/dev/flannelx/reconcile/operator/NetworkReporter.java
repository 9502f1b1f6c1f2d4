package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.SeenNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together what a network's status is to say. */
record NetworkReporter(SeenNetwork seen, Acceptance acceptance, List<Member> members) {
    private static final int NAMED = 3;

    /**
     * The report.
     *
     * @param subnets null where the network makes no sense
     * @param progress of its roll-out, or null where there can be none
     * @param teardown null where it is not being taken down
     */
    NetworkReport report(
            @Nullable SubnetFigures subnets, @Nullable Progress progress, Teardown.@Nullable Step teardown) {
        List<Member> selected = members.stream().filter(Member::selected).toList();
        int ready = (int) selected.stream().filter(Member::ready).count();
        int updated = (int) selected.stream()
                .filter(member -> member.generation() == seen.generation())
                .count();
        var conditions = new ArrayList<NetworkCondition>();
        conditions.add(accepted());
        conditions.add(ready(selected, subnets));
        if (progress != null) {
            conditions.add(condition(
                    NetworkCondition.Aspect.PROGRESSING,
                    progress.state() == Progress.State.ROLLING_OUT,
                    progress.state().text(),
                    progress.message()));
        }
        if (subnets != null) {
            conditions.add(poolExhausted(subnets));
        }
        if (teardown != null) {
            conditions.add(tearingDown(teardown));
        }
        return new NetworkReport(seen.generation(), conditions, ready, selected.size(), updated, subnets);
    }

    private NetworkCondition accepted() {
        var aspect = NetworkCondition.Aspect.ACCEPTED;
        return switch (acceptance) {
            case Acceptance.Valid _ -> condition(aspect, true, "Valid", "nodes may join");
            case Acceptance.Invalid(List<String> problems) ->
                condition(aspect, false, "InvalidNetwork", String.join("; ", problems));
            case Acceptance.Overlapping(var _, String older) ->
                condition(aspect, false, "Overlaps", "it overlaps the older network " + older);
        };
    }

    private static NetworkCondition ready(List<Member> selected, @Nullable SubnetFigures subnets) {
        var aspect = NetworkCondition.Aspect.READY;
        if (selected.isEmpty()) {
            return condition(aspect, false, "NoNodes", "no node matches nodeSelector");
        }
        List<String> notReady = selected.stream()
                .filter(member -> !member.ready())
                .map(Member::node)
                .sorted()
                .toList();
        String counts = "%d of %d nodes are ready".formatted(selected.size() - notReady.size(), selected.size());
        String shared = subnets == null ? "" : shared(subnets);
        return notReady.isEmpty()
                ? condition(aspect, true, "AllNodesReady", counts + shared)
                : condition(
                        aspect,
                        false,
                        "NodesNotReady",
                        "%s; not ready: %s%s".formatted(counts, Names.first(NAMED, notReady), shared));
    }

    private static String shared(SubnetFigures subnets) {
        return subnets.shared().entrySet().stream()
                .limit(NAMED)
                .map(entry -> "; public address %s is claimed by %s"
                        .formatted(entry.getKey(), Names.first(NAMED, List.copyOf(entry.getValue()))))
                .collect(Collectors.joining());
    }

    private static NetworkCondition poolExhausted(SubnetFigures subnets) {
        boolean full =
                subnets.allocated() >= subnets.capacity() || !subnets.waiting().isEmpty();
        String taken = "%d of %d subnets are taken".formatted(subnets.allocated(), subnets.capacity());
        return condition(
                NetworkCondition.Aspect.POOL_EXHAUSTED,
                full,
                full ? "NoSubnetLeft" : "SubnetsLeft",
                subnets.waiting().isEmpty()
                        ? taken
                        : "%s; without one: %s".formatted(taken, Names.first(NAMED, subnets.waiting())));
    }

    private NetworkCondition tearingDown(Teardown.Step teardown) {
        String message = Optional.of(teardown.waitingFor())
                .filter(nodes -> !nodes.isEmpty())
                .map(nodes -> "waiting for " + Names.first(NAMED, nodes))
                .orElse("no node has anything left of it");
        return condition(NetworkCondition.Aspect.TEARING_DOWN, true, "Deleted", message);
    }

    private static NetworkCondition condition(
            NetworkCondition.Aspect aspect, boolean holds, String reason, String message) {
        return new NetworkCondition(aspect, holds, reason, message);
    }
}

package dev.flannelx.reconcile.operator;

import dev.flannelx.network.Rollout;
import dev.flannelx.network.Spans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes one network's changed spec from node to node.
 *
 * <p>A node is <em>raised</em> once its order names the latest generation. From then on it is under way until it has
 * settled: it has the latest spec, is ready, and fails at no more peers than nodes that were not raised (a node whose
 * every add fails is ready all the same, since it has tried them). Nodes that are not ready are raised at once; as many
 * others may be under way as {@link Rollout#maxUnavailable()} says. One that is under way for {@link Rollout#timeout()}
 * halts the roll-out until there is another generation.
 *
 * <ul>
 *   <li>A node that has the latest spec anyway (it joined with it, the change runs nothing, or it was rolled back before
 *       it moved) is left alone.
 *   <li>Nodes that nobody answers for are raised when somebody does: that a node was raised means that it could have
 *       heard, so that one that has been silent since counts as harmed, whoever looks.
 *   <li>Nodes that the {@code nodeSelector} no longer matches go last. One that has left has settled as soon as some node
 *       that is selected is ready with the latest spec. A selector that matches nothing (or nothing that works) thus
 *       takes away one node, which never settles, and the roll-out halts.
 *   <li>A node that was not ready when it was raised neither takes part of the budget nor halts the roll-out. Only who
 *       raised it can know; to a successor it is like any other.
 *   <li>A roll-out is over when every node has the latest spec and nobody is under way. What fails later is no part of it.
 * </ul>
 *
 * <p>Halted and over are remembered by the network's status, all else is read off the nodes. Not thread-safe.
 */
final class RolloutPlanner {
    private static final Comparator<Member> STAYING_FIRST =
            Comparator.comparing(Member::selected).reversed().thenComparing(Member::node);

    private static final int NAMED = 3;

    private long generation;
    private @Nullable String halted;
    /** Once it was over it stays so: what comes late is raised too, but what fails is no fault of the roll-out. */
    private boolean over;
    /** Raised by this planner, whether or not that is to be seen yet. */
    private final Set<String> raised = new HashSet<>();
    /** Raised and not settled, and since when. */
    private final Map<String, Instant> underWay = new TreeMap<>();
    /** Those of them that count neither for the budget nor for the halt. */
    private final Set<String> outside = new HashSet<>();

    private final Set<String> settled = new HashSet<>();

    /** @param before what the network's status says about that generation, or null */
    RolloutPlanner(long generation, @Nullable Progress before) {
        this.generation = generation;
        halted = before != null && before.state() == Progress.State.HALTED ? before.message() : null;
        over = before != null && before.state() == Progress.State.UP_TO_DATE;
    }

    /** What to do now. What it says to raise counts as raised from here on, and is said again until it is to be seen. */
    RolloutPlan plan(long latest, Rollout rollout, Collection<Member> nodes, Instant now) {
        List<Member> members = begin(latest, nodes);
        watch(members, now);
        if (halted == null) {
            halted = overdue(rollout, members, now);
        }
        Set<String> raise = halted == null ? raise(rollout, members, now) : Set.of();
        Optional<Instant> timeout = halted == null
                ? withinBudget()
                        .map(underWay::get)
                        .min(Comparator.naturalOrder())
                        .map(at -> at.plus(rollout.timeout()))
                : Optional.empty();
        return new RolloutPlan(raise, progress(members, ""), timeout);
    }

    /** What there is to say while nothing may be done: nobody is raised, and no time passes for who was. */
    RolloutPlan hold(long latest, String why, Collection<Member> nodes, Instant now) {
        List<Member> members = begin(latest, nodes);
        watch(members, now);
        underWay.replaceAll((node, since) -> now);
        return new RolloutPlan(Set.of(), progress(members, "; " + why), Optional.empty());
    }

    private List<Member> begin(long latest, Collection<Member> nodes) {
        if (latest != generation) {
            generation = latest;
            halted = null;
            over = false;
            Stream.of(raised, outside, settled).forEach(Set::clear);
            underWay.clear();
        }
        Set<String> names = nodes.stream().map(Member::node).collect(Collectors.toSet());
        Stream.of(raised, outside, settled).forEach(set -> set.retainAll(names));
        underWay.keySet().retainAll(names);
        return nodes.stream().sorted(STAYING_FIRST).toList();
    }

    private void watch(List<Member> members, Instant now) {
        boolean works = members.stream().anyMatch(member -> member.selected() && isUpAndReady(member));
        int tolerated = tolerated(members);
        for (Member member : members) {
            if (!isRaised(member)) {
                continue;
            }
            if (hasSettled(member, works, tolerated)) {
                underWay.remove(member.node());
                outside.remove(member.node());
                settled.add(member.node());
            } else {
                underWay.putIfAbsent(member.node(), now);
            }
        }
    }

    private boolean hasSettled(Member member, boolean works, int tolerated) {
        if (!member.selected()) {
            return !member.joined() && (works || over);
        }
        if (over) {
            return member.generation() == generation;
        }
        return isUpAndReady(member) && (member.failing() <= tolerated || settled.contains(member.node()));
    }

    private boolean isUpAndReady(Member member) {
        return member.ready() && member.generation() == generation;
    }

    /** How many peers fail where nobody was raised; where everybody was, how many at nodes that are not under way. */
    private int tolerated(List<Member> members) {
        Predicate<Member> untouched = member -> !isRaised(member);
        Predicate<Member> idle = member -> !underWay.containsKey(member.node());
        return Stream.of(untouched, idle)
                .map(kind -> members.stream().filter(Member::ready).filter(kind).toList())
                .filter(kind -> !kind.isEmpty())
                .findFirst()
                .map(kind -> kind.stream().mapToInt(Member::failing).max().orElse(0))
                .orElse(0);
    }

    private @Nullable String overdue(Rollout rollout, List<Member> members, Instant now) {
        return withinBudget()
                .filter(node -> !Objects.requireNonNull(underWay.get(node))
                        .plus(rollout.timeout())
                        .isAfter(now))
                .findFirst()
                .map(node -> whyHalted(node, rollout, members))
                .orElse(null);
    }

    private String whyHalted(String node, Rollout rollout, List<Member> members) {
        String after = Spans.format(rollout.timeout());
        boolean left = members.stream()
                .anyMatch(member -> member.node().equals(node) && !member.selected() && !member.joined());
        return left
                ? "node %s left, and after %s no node that nodeSelector matches is ready with generation %d: want another generation"
                        .formatted(node, after, generation)
                : "node %s is not in order with generation %d after %s: want another generation"
                        .formatted(node, generation, after);
    }

    /**
     * Whoever was raised because it was not ready, and is by now although its order is not to be seen yet, waits for its
     * turn like any other: the order may have been lost.
     */
    private void reconsider(List<Member> members) {
        for (Member member : members) {
            if (outside.contains(member.node()) && member.ready() && !isOrdered(member)) {
                Stream.of(outside, raised, underWay.keySet()).forEach(names -> names.remove(member.node()));
            }
        }
    }

    private Set<String> raise(Rollout rollout, List<Member> members, Instant now) {
        reconsider(members);
        var chosen = new LinkedHashSet<String>();
        List<Member> waiting = members.stream()
                .filter(member -> isBehind(member) && member.answers() && !isRaised(member))
                .toList();
        for (Member member : waiting) {
            if (member.selected() && !member.ready()) {
                outside.add(member.node());
                chosen.add(member.node());
            }
        }
        int total = (int) members.stream().filter(Member::selected).count();
        long free = rollout.budget(total) - withinBudget().count();
        waiting.stream()
                .map(Member::node)
                .filter(node -> !chosen.contains(node))
                .limit(Math.max(0, free))
                .toList()
                .forEach(chosen::add);
        chosen.forEach(node -> underWay.putIfAbsent(node, now));
        raised.addAll(chosen);
        return members.stream()
                .filter(member -> raised.contains(member.node()) && !isOrdered(member))
                .map(Member::node)
                .collect(Collectors.toSet());
    }

    private boolean isBehind(Member member) {
        return member.joined() && member.generation() != generation;
    }

    private boolean isRaised(Member member) {
        return isOrdered(member) || raised.contains(member.node());
    }

    private boolean isOrdered(Member member) {
        return Objects.equals(member.ordered(), generation);
    }

    private Stream<String> withinBudget() {
        return underWay.keySet().stream().filter(node -> !outside.contains(node));
    }

    private Progress progress(List<Member> members, String note) {
        if (halted != null) {
            return new Progress(Progress.State.HALTED, halted);
        }
        List<Member> selected = members.stream().filter(Member::selected).toList();
        long updated = selected.stream()
                .filter(member -> member.generation() == generation)
                .count();
        List<String> waitedFor = withinBudget().toList();
        boolean arrived = updated > 0 || selected.isEmpty();
        if (arrived && waitedFor.isEmpty() && members.stream().noneMatch(this::isBehind)) {
            over = true;
            return new Progress(
                    Progress.State.UP_TO_DATE, "every node that has joined has generation %d".formatted(generation));
        }
        var parts = new ArrayList<String>();
        parts.add("%d of %d nodes have generation %d".formatted(updated, selected.size(), generation));
        name("waiting for %s", waitedFor).ifPresent(parts::add);
        name(
                        "no sign of life from %s",
                        members.stream()
                                .filter(member -> isBehind(member) && !member.answers())
                                .map(Member::node)
                                .toList())
                .ifPresent(parts::add);
        return new Progress(Progress.State.ROLLING_OUT, String.join("; ", parts) + note);
    }

    private static Optional<String> name(String text, List<String> nodes) {
        return nodes.isEmpty() ? Optional.empty() : Optional.of(text.formatted(Names.first(NAMED, nodes)));
    }
}

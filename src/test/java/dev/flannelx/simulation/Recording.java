package dev.flannelx.simulation;

import dev.flannelx.simulation.Operation.Answer;
import dev.flannelx.simulation.Operation.Claim;
import dev.flannelx.simulation.Operation.Freeing;
import dev.flannelx.simulation.Operation.HookEnd;
import dev.flannelx.simulation.Operation.Reboot;
import dev.flannelx.simulation.Operation.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that was done, from when to when, and whether it could have been done by those who keep the invariants.
 *
 * <p>That no subnet is two nodes' at once cannot be seen from one moment, since an operation takes effect somewhere
 * between its beginning and its answer. What can be seen is this: when two nodes were told, one after the other, that a
 * subnet is theirs, then somebody freed it in between.
 */
final class Recording {
    /** An operation, and when by the same clock. */
    record Recorded(long begun, long ended, Operation operation) {
        static final long NEVER = Long.MAX_VALUE;
    }

    /** The API server lets no request go on for longer. */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(1);

    private final List<Begun> recorded = new ArrayList<>();

    /** An operation that has been begun; what it came to is not known yet, and if nobody says so, never. */
    final class Begun {
        private Recorded state;

        private Begun(Recorded state) {
            this.state = state;
        }

        void ended(Operation how) {
            synchronized (Recording.this) {
                state = new Recorded(state.begun(), System.nanoTime(), how);
            }
        }
    }

    /** Notes that an operation begins. */
    synchronized Begun begin(Operation unlessItEnds) {
        return keep(new Recorded(System.nanoTime(), Recorded.NEVER, unlessItEnds));
    }

    /** Notes what took no time. */
    synchronized void add(Operation operation) {
        long now = System.nanoTime();
        var _ = keep(new Recorded(now, now, operation));
    }

    private Begun keep(Recorded one) {
        var begun = new Begun(one);
        recorded.add(begun);
        return begun;
    }

    synchronized List<Recorded> all() {
        return recorded.stream().map(begun -> begun.state).toList();
    }

    /** Begins anew from what everything came to; what has not ended yet, and may, stays. */
    synchronized void restart(List<Operation> outcome) {
        long oldest = System.nanoTime() - LONGEST_REQUEST.toNanos();
        recorded.removeIf(begun -> begun.state.ended() != Recorded.NEVER || begun.state.begun() < oldest);
        outcome.forEach(this::add);
    }

    /** How much there is of what. */
    synchronized String summary() {
        var counts = new TreeMap<String, Integer>();
        all().forEach(one -> counts.merge(one.operation().getClass().getSimpleName(), 1, Integer::sum));
        return counts.toString();
    }

    /** What cannot have come about in the right way; empty where all is well. */
    static List<String> violations(List<Recorded> recorded) {
        var violations = new ArrayList<>(sharedSubnets(recorded));
        violations.addAll(stolenSubnets(recorded));
        violations.addAll(wrongPeers(recorded));
        return violations;
    }

    private static List<String> sharedSubnets(List<Recorded> recorded) {
        Map<String, List<Recorded>> held = new TreeMap<>();
        Map<String, List<Recorded>> freed = new HashMap<>();
        for (Recorded one : recorded) {
            switch (one.operation()) {
                case Claim(String _, String subnet, Answer answer)
                when answer == Answer.HELD ->
                    held.computeIfAbsent(subnet, _ -> new ArrayList<>()).add(one);
                case Freeing(String _, String subnet, boolean done)
                when done ->
                    freed.computeIfAbsent(subnet, _ -> new ArrayList<>()).add(one);
                case Claim _, Freeing _, HookEnd _, Reboot _, Rest _ -> {}
            }
        }
        var violations = new ArrayList<String>();
        held.forEach((subnet, claims) -> violations.addAll(sharedBy(claims, freed.getOrDefault(subnet, List.of()))));
        return violations;
    }

    private static List<String> sharedBy(List<Recorded> claims, List<Recorded> freeings) {
        var violations = new ArrayList<String>();
        claims.sort(Comparator.comparingLong(Recorded::ended));
        for (int i = 1; i < claims.size(); i++) {
            Recorded earlier = claims.get(i - 1);
            Recorded later = claims.get(i);
            boolean same = node(earlier).equals(node(later));
            long since = Math.min(earlier.begun(), later.begun());
            boolean freed =
                    freeings.stream().anyMatch(freeing -> freeing.begun() <= later.ended() && freeing.ended() >= since);
            if (!same && !freed) {
                violations.add("nobody freed it between %s and %s".formatted(earlier, later));
            }
        }
        return violations;
    }

    private static List<String> stolenSubnets(List<Recorded> recorded) {
        var claims = recorded.stream()
                .filter(one -> one.operation() instanceof Claim)
                .toList();
        return recorded.stream()
                .filter(one -> one.operation() instanceof Freeing freeing && freeing.done())
                .filter(one -> !mayFree(one, claims))
                .map(one -> "nobody may free it so: " + one)
                .toList();
    }

    /** A person, a node its own subnet, and an operator what a node has more than one of. */
    private static boolean mayFree(Recorded freeing, List<Recorded> claims) {
        Freeing freed = (Freeing) freeing.operation();
        Set<String> holders = new HashSet<>();
        Map<String, Set<String>> subnets = new HashMap<>();
        claims.stream().filter(claim -> claim.begun() <= freeing.ended()).forEach(one -> {
            Claim claim = (Claim) one.operation();
            subnets.computeIfAbsent(claim.node(), _ -> new HashSet<>()).add(claim.subnet());
            if (claim.subnet().equals(freed.subnet())) {
                holders.add(claim.node());
            }
        });
        return freed.by().equals(Freeing.PERSON)
                || holders.contains(freed.by())
                || holders.stream().anyMatch(node -> subnets.get(node).size() > 1);
    }

    private static String node(Recorded claim) {
        return ((Claim) claim.operation()).node();
    }

    private static List<String> wrongPeers(List<Recorded> recorded) {
        Map<String, Map<String, String>> applied = new HashMap<>();
        var violations = new ArrayList<String>();
        for (Recorded one : recorded) {
            switch (one.operation()) {
                case HookEnd hook
                when hook.done() -> apply(hook, applied.computeIfAbsent(hook.node(), _ -> new HashMap<>()));
                case Reboot(String node) -> applied.remove(node);
                case Rest(Map<String, Set<String>> wanted) -> violations.addAll(differences(wanted, applied));
                case Claim _, Freeing _, HookEnd _ -> {}
            }
        }
        return violations;
    }

    private static void apply(HookEnd hook, Map<String, String> peers) {
        switch (hook.hook()) {
            case SUBNET_ADD -> peers.put(hook.subnet(), hook.arguments());
            case SUBNET_REMOVE -> peers.remove(hook.subnet());
            case SHUTDOWN -> peers.clear();
            case PRE_STARTUP, POST_STARTUP, STARTUP_CHECK, SUBNET_CHECK, SUBNET_BATCH -> {}
        }
    }

    private static List<String> differences(Map<String, Set<String>> wanted, Map<String, Map<String, String>> applied) {
        var violations = new ArrayList<String>();
        var nodes = new TreeSet<>(wanted.keySet());
        nodes.addAll(applied.keySet());
        for (String node : nodes) {
            Set<String> there = applied.getOrDefault(node, Map.of()).entrySet().stream()
                    .map(peer -> peer.getKey() + " " + peer.getValue())
                    .collect(Collectors.toCollection(HashSet::new));
            Set<String> right = wanted.getOrDefault(node, Set.of());
            if (!there.equals(right)) {
                violations.add(
                        "at rest %s has %s: want %s".formatted(node, new TreeSet<>(there), new TreeSet<>(right)));
            }
        }
        return violations;
    }
}

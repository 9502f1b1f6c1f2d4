package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stands between "the lease list no longer has it" and a remove hook, since an accident with the API must not cut the
 * data plane: removals collect for a moment; when two or more peers and at least half of all vanish within a minute,
 * they wait for the grace; and each must be confirmed by a consistent read.
 */
final class RemovalGate {
    static final Duration COLLECT = Duration.ofSeconds(2);
    static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int FEWEST_FOR_AN_ACCIDENT = 2;

    /** What a removal has to wait for. */
    sealed interface Verdict {
        /** Nothing: go on. */
        record Pass() implements Verdict {}

        /** A consistent read: it is among those that {@link #takeUnconfirmed} gives. */
        record Confirm() implements Verdict {}

        /** A moment that lies ahead. */
        record Wait(Instant until) implements Verdict {}
    }

    private final Map<Subnet, Instant> vanishedAt = new HashMap<>();
    /** When those vanished that are removed by now, oldest first: they still count as part of an accident. */
    private final ArrayDeque<Instant> removed = new ArrayDeque<>();

    private final Set<Subnet> hurried = new HashSet<>();
    private final Set<Subnet> confirmed = new HashSet<>();
    private final Set<Subnet> unconfirmed = new LinkedHashSet<>();
    /** What the consistent read under way was asked about, but for those that were back meanwhile. */
    private final Set<Subnet> read = new HashSet<>();

    private boolean asked;
    private final Set<Subnet> held = new HashSet<>();

    /** A peer that is applied is no longer desired. */
    void vanished(Subnet subnet, Instant now) {
        vanishedAt.putIfAbsent(subnet, now);
    }

    /** It is desired again: whatever was known of its removal is void. */
    void returned(Subnet subnet) {
        vanishedAt.remove(subnet);
        hurried.remove(subnet);
        confirmed.remove(subnet);
        held.remove(subnet);
        unconfirmed.remove(subnet);
        read.remove(subnet);
    }

    /** It was removed or set aside. */
    void settled(Subnet subnet) {
        Instant at = vanishedAt.get(subnet);
        if (at != null) {
            removed.add(at);
        }
        returned(subnet);
    }

    /** An add needs its subnet or its node: neither collect nor hold it. Says whether that is news. */
    boolean hurry(Subnet subnet) {
        held.remove(subnet);
        return hurried.add(subnet);
    }

    /** A consistent read has shown that their leases are gone. Of one that was back meanwhile it says nothing. */
    void confirm(Set<Subnet> gone) {
        gone.stream().filter(read::contains).forEach(confirmed::add);
        read.clear();
    }

    /** Whether a consistent read has become wanted since the last call. */
    boolean takeAsked() {
        boolean news = asked;
        asked = false;
        return news;
    }

    /** Those that wait for a consistent read, which is made now, one at a time; the answer is for {@link #confirm}. */
    List<Subnet> takeUnconfirmed() {
        List<Subnet> taken = List.copyOf(unconfirmed);
        unconfirmed.clear();
        read.addAll(taken);
        return taken;
    }

    /** How many removals wait for the grace. */
    int held() {
        return held.size();
    }

    /**
     * What the removal of a subnet has to wait for.
     *
     * @param applied how many peers are applied now, this one included
     */
    Verdict judge(Subnet subnet, int applied, Duration grace, Instant now) {
        vanished(subnet, now);
        if (!hurried.contains(subnet)) {
            Instant until = waitsUntil(subnet, applied, grace, now);
            if (now.isBefore(until)) {
                return new Verdict.Wait(until);
            }
        }
        held.remove(subnet);
        if (confirmed.contains(subnet)) {
            return new Verdict.Pass();
        }
        asked |= unconfirmed.add(subnet);
        return new Verdict.Confirm();
    }

    private Instant waitsUntil(Subnet subnet, int applied, Duration grace, Instant now) {
        Instant since = vanishedAt.getOrDefault(subnet, now);
        if (now.isBefore(since.plus(COLLECT))) {
            return since.plus(COLLECT);
        }
        if (held.contains(subnet) || isAccident(applied, now)) {
            held.add(subnet);
            return since.plus(grace);
        }
        return since;
    }

    private boolean isAccident(int applied, Instant now) {
        Instant windowStart = now.minus(WINDOW);
        while (!removed.isEmpty() && removed.getFirst().isBefore(windowStart)) {
            removed.removeFirst();
        }
        long waiting = vanishedAt.values().stream()
                .filter(at -> !at.isBefore(windowStart))
                .count();
        long vanished = waiting + removed.size();
        return vanished >= FEWEST_FOR_AN_ACCIDENT && 2 * vanished >= applied + removed.size();
    }
}

package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keys that want reconciling, each at most once. A ready key of an earlier lane goes before one of a later lane; within
 * a lane they keep the order in which they became ready. Values in, values out: it has no clock and no thread.
 *
 * <p>An offer replaces the key's earlier one. What it replaced stays behind in the deque or heap and is recognised as
 * stale when it comes up, which keeps every operation logarithmic.
 */
final class ReconcileQueue<K> {
    /** What kind of attempt a key waits for, the most urgent first. */
    enum Lane {
        /** The other half of something begun: a remove was done so that an add can follow. */
        CONTINUE,
        REMOVE,
        ADD,
        RETRY,
        CHECK
    }

    private record Entry<K>(K key, Lane lane, Instant at, long sequence) {}

    private static final Comparator<Entry<?>> BY_TIME =
            Comparator.<Entry<?>, Instant>comparing(Entry::at).thenComparingLong(Entry::sequence);

    private final Map<K, Entry<K>> current = new HashMap<>();
    private final PriorityQueue<Entry<K>> delayed = new PriorityQueue<>(BY_TIME);
    private final NavigableMap<Lane, ArrayDeque<Entry<K>>> ready = new TreeMap<>();

    private long sequence;

    /** Wants {@code key} reconciled at {@code at} or later, instead of whatever was wanted of it before. */
    void offer(K key, Lane lane, Instant at) {
        var entry = new Entry<>(key, lane, at, sequence++);
        current.put(key, entry);
        delayed.add(entry);
    }

    /** Wants nothing of the key any more. */
    void withdraw(K key) {
        current.remove(key);
    }

    /** Takes the first ready key out. */
    Optional<K> poll(Instant now) {
        for (Lane lane : Lane.values()) {
            Optional<K> key = poll(lane, now);
            if (key.isPresent()) {
                return key;
            }
        }
        return Optional.empty();
    }

    /** Takes the first ready key of one lane out. */
    Optional<K> poll(Lane lane, Instant now) {
        promote(now);
        var deque = deque(lane);
        for (Entry<K> entry = deque.poll(); entry != null; entry = deque.poll()) {
            if (isCurrent(entry)) {
                current.remove(entry.key());
                return Optional.of(entry.key());
            }
        }
        return Optional.empty();
    }

    /** When the next key that is not ready yet will be; empty if there is none. */
    Optional<Instant> nextAt() {
        for (Entry<K> entry = delayed.peek(); entry != null; entry = delayed.peek()) {
            if (isCurrent(entry)) {
                return Optional.of(entry.at());
            }
            delayed.remove();
        }
        return Optional.empty();
    }

    /** How many keys are ready and wait for a worker, checks not counted. */
    int depth(Instant now) {
        promote(now);
        return (int) waiting().count();
    }

    /** How long the oldest of them has been ready. */
    Duration oldest(Instant now) {
        promote(now);
        return waiting()
                .map(Entry::at)
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(at, now))
                .orElse(Duration.ZERO);
    }

    private Stream<Entry<K>> waiting() {
        return ready.headMap(Lane.CHECK).values().stream()
                .flatMap(ArrayDeque::stream)
                .filter(this::isCurrent);
    }

    private void promote(Instant now) {
        for (Entry<K> entry = delayed.peek(); entry != null && !entry.at().isAfter(now); entry = delayed.peek()) {
            delayed.remove();
            if (isCurrent(entry)) {
                deque(entry.lane()).add(entry);
            }
        }
    }

    private ArrayDeque<Entry<K>> deque(Lane lane) {
        return ready.computeIfAbsent(lane, key -> new ArrayDeque<>());
    }

    private boolean isCurrent(Entry<K> entry) {
        Entry<K> wanted = current.get(entry.key());
        return wanted != null && wanted.sequence() == entry.sequence();
    }
}

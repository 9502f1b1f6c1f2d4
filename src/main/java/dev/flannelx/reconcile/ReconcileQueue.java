package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Keys that want reconciling, each at most once. A ready key of an earlier lane goes before one of a later lane; within
 * a lane they keep the order in which they became ready. Values in, values out: it has no clock and no thread.
 *
 * <p>An offer replaces the key's earlier one. What it replaced stays behind in the deque or heap and is recognised as
 * stale when it comes up, which keeps every operation logarithmic.
 */
public final class ReconcileQueue<K, L extends Enum<L>> {
    private record Entry<K, L>(K key, L lane, Instant at, long sequence) implements Comparable<Entry<K, L>> {
        @Override
        public int compareTo(Entry<K, L> other) {
            int byTime = at.compareTo(other.at);
            return byTime == 0 ? Long.compare(sequence, other.sequence) : byTime;
        }
    }

    private final Map<K, Entry<K, L>> current = new HashMap<>();
    private final PriorityQueue<Entry<K, L>> delayed = new PriorityQueue<>();
    private final Map<L, ArrayDeque<Entry<K, L>>> ready;
    private final List<L> lanes;

    private long sequence;

    /** @param lanes the kinds of attempts that a key may wait for, the most urgent first */
    public ReconcileQueue(Class<L> lanes) {
        this.lanes = List.of(lanes.getEnumConstants());
        ready = new EnumMap<>(lanes);
        this.lanes.forEach(lane -> ready.put(lane, new ArrayDeque<>()));
    }

    /** Wants {@code key} reconciled at {@code at} or later, instead of whatever was wanted of it before. */
    public void offer(K key, L lane, Instant at) {
        var entry = new Entry<>(key, lane, at, sequence++);
        current.put(key, entry);
        delayed.add(entry);
    }

    /**
     * Wants {@code key} reconciled at {@code at}, unless it will be before.
     *
     * @return whether it will be sooner by this
     */
    public boolean hasten(K key, L lane, Instant at) {
        Entry<K, L> wanted = current.get(key);
        boolean sooner = wanted == null || wanted.at().isAfter(at);
        if (sooner) {
            offer(key, lane, at);
        }
        return sooner;
    }

    /** Wants nothing of the key any more. */
    void withdraw(K key) {
        current.remove(key);
    }

    /** Whether anything is wanted of the key, now or later. */
    boolean holds(K key) {
        return current.containsKey(key);
    }

    /** Takes the first ready key out. */
    public Optional<K> poll(Instant now) {
        return poll(lanes, now);
    }

    /** Takes the first ready key of some lanes out. */
    Optional<K> poll(List<L> some, Instant now) {
        for (L lane : some) {
            Optional<K> key = poll(lane, now);
            if (key.isPresent()) {
                return key;
            }
        }
        return Optional.empty();
    }

    /** Takes the first ready key of one lane out. */
    Optional<K> poll(L lane, Instant now) {
        promote(now);
        var deque = deque(lane);
        for (Entry<K, L> entry = deque.poll(); entry != null; entry = deque.poll()) {
            if (isCurrent(entry)) {
                current.remove(entry.key());
                return Optional.of(entry.key());
            }
        }
        return Optional.empty();
    }

    /** Whether a key of a lane is ready. */
    boolean isReady(L lane, Instant now) {
        promote(now);
        var deque = deque(lane);
        while (!deque.isEmpty() && !isCurrent(deque.getFirst())) {
            deque.removeFirst();
        }
        return !deque.isEmpty();
    }

    /** When the next key that is not ready yet will be; empty if there is none. */
    public Optional<Instant> nextAt() {
        for (Entry<K, L> entry = delayed.peek(); entry != null; entry = delayed.peek()) {
            if (isCurrent(entry)) {
                return Optional.of(entry.at());
            }
            delayed.remove();
        }
        return Optional.empty();
    }

    /** How many keys are ready and wait for a worker in lanes before that one. */
    int depth(L before, Instant now) {
        promote(now);
        return (int) waiting(before).count();
    }

    /** How long the oldest of them has been ready. */
    Duration oldest(L before, Instant now) {
        promote(now);
        return waiting(before)
                .map(Entry::at)
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(at, now))
                .orElse(Duration.ZERO);
    }

    private Stream<Entry<K, L>> waiting(L before) {
        return lanes.stream()
                .takeWhile(lane -> lane != before)
                .flatMap(lane -> deque(lane).stream())
                .filter(this::isCurrent);
    }

    private void promote(Instant now) {
        for (Entry<K, L> entry = delayed.peek(); entry != null && !entry.at().isAfter(now); entry = delayed.peek()) {
            delayed.remove();
            if (isCurrent(entry)) {
                deque(entry.lane()).add(entry);
            }
        }
    }

    private ArrayDeque<Entry<K, L>> deque(L lane) {
        return Objects.requireNonNull(ready.get(lane));
    }

    private boolean isCurrent(Entry<K, L> entry) {
        Entry<K, L> wanted = current.get(entry.key());
        return wanted != null && wanted.sequence() == entry.sequence();
    }
}

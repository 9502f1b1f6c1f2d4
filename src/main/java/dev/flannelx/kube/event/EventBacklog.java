package dev.flannelx.kube.event;

import dev.flannelx.kube.event.ClusterEvent.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns whatever happens into few writes: the first of a kind is written at once, what follows is counted and the count
 * is written now and then. Not thread-safe.
 *
 * <p>This is what client-go's recorder of events.k8s.io does with its series
 * (https://github.com/kubernetes/client-go/blob/master/tools/events/event_broadcaster.go), with an upper bound on how
 * many kinds are known and on how often anything is written.
 */
final class EventBacklog {
    /** Kinds; what is beyond pushes out the one that was quiet for longest. */
    static final int MOST_SERIES = 128;
    /** Writes in a row, and the pause after which one more is allowed. */
    static final int BURST = 25;

    static final Duration REFILL = Duration.ofSeconds(15);
    /** Between the first of a kind and the first count, and between counts. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    static final Duration PAUSE = Duration.ofMinutes(5);
    /** What did not happen again for so long begins anew the next time, as one event of its own. */
    static final Duration END = Duration.ofMinutes(6);
    /** After a write that failed. */
    static final Duration RETRY = Duration.ofSeconds(10);

    /** What is written next. */
    sealed interface Write {
        Key key();

        /** A new object. */
        record Create(Key key, ClusterEvent event, Instant time) implements Write {}

        /** The count of one that is there. */
        record Count(Key key, String name, int count, Instant time) implements Write {}
    }

    /** What makes two occurrences one kind. */
    record Key(Subject regarding, @Nullable Subject related, ClusterEvent.Type type, String reason, String action) {
        static Key of(ClusterEvent event) {
            return new Key(event.regarding(), event.related(), event.type(), event.reason(), event.action());
        }
    }

    private static final class Series {
        private final ClusterEvent first;
        private final Instant firstTime;
        private int count;
        private int written;
        private Instant lastTime;
        private Instant seenAt;
        private Instant writeAt;
        private @Nullable String name;

        Series(ClusterEvent first, Instant time, Instant now) {
            this.first = first;
            firstTime = time;
            lastTime = time;
            seenAt = now;
            writeAt = now;
        }

        boolean isDue() {
            return count > written;
        }

        boolean isOver(Instant now) {
            return !isDue() && !now.isBefore(seenAt.plus(END));
        }
    }

    /** Quiet ones first. */
    private final LinkedHashMap<Key, Series> known = new LinkedHashMap<>();

    private int allowed = BURST;
    private Instant allowedSince = Instant.MIN;

    /**
     * Takes in an occurrence.
     *
     * @param time by the wall clock, for people
     * @param now by the monotonic clock, as everywhere here
     */
    void happened(ClusterEvent event, Instant time, Instant now) {
        known.values().removeIf(series -> series.isOver(now));
        var key = Key.of(event);
        Series former = known.remove(key);
        Series series = former == null ? new Series(event, time, now) : former;
        series.count++;
        series.lastTime = time;
        series.seenAt = now;
        known.put(key, series);
        if (known.size() > MOST_SERIES) {
            known.pollFirstEntry();
        }
    }

    /** What to write now; empty if nothing is due. Its end is to be told before the next is asked for. */
    Optional<Write> next(Instant now) {
        refill(now);
        return allowed == 0
                ? Optional.empty()
                : known.entrySet().stream()
                        .filter(entry -> entry.getValue().isDue() && !now.isBefore(entry.getValue().writeAt))
                        .min(Comparator.comparing(entry -> entry.getValue().writeAt))
                        .map(entry -> write(entry.getKey(), entry.getValue()));
    }

    /** When to ask again, if nothing happens before; empty if nothing waits. */
    Optional<Instant> nextAt() {
        Optional<Instant> due = known.values().stream()
                .filter(Series::isDue)
                .map(series -> series.writeAt)
                .min(Comparator.naturalOrder());
        return allowed > 0
                ? due
                : due.map(at -> at.isAfter(allowedSince.plus(REFILL)) ? at : allowedSince.plus(REFILL));
    }

    /** It is there, under that name. */
    void created(Write.Create write, String name, Instant now) {
        with(write.key(), series -> {
            series.name = name;
            series.written = 1;
            series.writeAt = now.plus(FIRST_PAUSE);
        });
    }

    /** Its count is there. */
    void counted(Write.Count write, Instant now) {
        with(write.key(), series -> {
            series.written = write.count();
            series.writeAt = now.plus(PAUSE);
        });
    }

    /** Nobody answered; it is tried again. */
    void failed(Write write, Instant now) {
        with(write.key(), series -> series.writeAt = now.plus(RETRY));
    }

    /** It is not there any more, or will not be had: the next occurrence begins anew. */
    void ended(Write write) {
        known.remove(write.key());
    }

    private interface Change {
        void apply(Series series);
    }

    private void with(Key key, Change change) {
        Series series = known.get(key);
        if (series != null) {
            change.apply(series);
        }
    }

    private Write write(Key key, Series series) {
        allowed--;
        return series.name == null
                ? new Write.Create(key, series.first, series.firstTime)
                : new Write.Count(key, series.name, series.count, series.lastTime);
    }

    private void refill(Instant now) {
        if (allowed == BURST) {
            allowedSince = now;
        }
        while (allowed < BURST && !now.isBefore(allowedSince.plus(REFILL))) {
            allowed++;
            allowedSince = allowedSince.plus(REFILL);
        }
    }
}

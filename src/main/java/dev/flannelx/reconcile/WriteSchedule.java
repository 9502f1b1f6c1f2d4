package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When to write something that may change often: a little after it changed, at most once in a while, and now and then
 * though nothing changed. Not thread-safe.
 *
 * @param <T> what is to be written, or what of it is worth a write
 */
public final class WriteSchedule<T> {
    /** By how much of a heartbeat's period the next one may come late. */
    private static final int JITTER_OF_HEARTBEAT = 10;

    /**
     * How often.
     *
     * @param pause between two writes at least
     * @param jitter added to the pause at most, and how long a change may be waited with for others
     * @param heartbeat after which it is written though nothing changed, or a little later
     * @param retry after a write that failed
     */
    public record Pace(Duration pause, Duration jitter, Duration heartbeat, Backoff retry) {}

    private final Pace pace;
    private final RandomGenerator random;
    private @Nullable T written;
    private @Nullable T wanted;
    private @Nullable Instant writeAt;
    private @Nullable Instant heartbeatAt;
    private Instant notBefore = Instant.MIN;
    private int failures;

    public WriteSchedule(Pace pace, RandomGenerator random) {
        this.pace = pace;
        this.random = random;
    }

    /** When it makes sense to look again at what is wanted: within a pause it does not. */
    public Instant opensAt() {
        return writeAt == null ? notBefore : writeAt;
    }

    /** Says what is wanted by now. */
    public void want(T value, Instant now) {
        wanted = value;
        if (value.equals(written)) {
            writeAt = null;
        } else if (writeAt == null) {
            Instant soon = now.plus(jitter());
            writeAt = soon.isBefore(notBefore) ? notBefore : soon;
        }
    }

    /** Whether what is wanted is to be written now. */
    public boolean isDue(Instant now) {
        return isPast(writeAt, now) || isPast(heartbeatAt, now);
    }

    private static boolean isPast(@Nullable Instant moment, Instant now) {
        return moment != null && !now.isBefore(moment);
    }

    /** When to look again, if nobody asks before; empty before anything was wanted. */
    public Optional<Instant> nextAt() {
        return Stream.of(writeAt, heartbeatAt).filter(Objects::nonNull).min(Comparator.naturalOrder());
    }

    /** What was wanted has been written. */
    public void written(Instant now) {
        written = wanted;
        writeAt = null;
        failures = 0;
        notBefore = now.plus(pace.pause()).plus(jitter());
        Duration period = pace.heartbeat();
        heartbeatAt = now.plus(period).plus(upTo(period.dividedBy(JITTER_OF_HEARTBEAT)));
    }

    /** It could not be written, or was, and the answer got lost: what is there by now is not known. */
    public void failed(Instant now) {
        failures++;
        written = null;
        Instant again = now.plus(pace.retry().delay(failures, Duration.ZERO, random));
        writeAt = again;
        if (isPast(heartbeatAt, now)) {
            heartbeatAt = again;
        }
    }

    /** What was written is not there any more. */
    public void lost(Instant now) {
        written = null;
        if (wanted != null) {
            want(wanted, now);
        }
    }

    private Duration jitter() {
        return upTo(pace.jitter());
    }

    private Duration upTo(Duration longest) {
        return Duration.ofNanos(random.nextLong(longest.toNanos() + 1));
    }
}

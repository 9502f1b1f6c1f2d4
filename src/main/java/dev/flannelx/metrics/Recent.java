package dev.flannelx.metrics;

import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read at most once within a short while: a scrape asks many gauges in a row, all of which come from one
 * reading. Thread-safe; the source is asked under a lock that nothing else takes.
 */
final class Recent<T> {
    private static final long SHELF_LIFE_NANOS = Duration.ofMillis(100).toNanos();

    private final Supplier<T> source;
    private final Clock clock;
    private @Nullable T value;
    private long readAt;

    Recent(Supplier<T> source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    synchronized T get() {
        T known = value;
        if (known != null && clock.monotonicTime() - readAt < SHELF_LIFE_NANOS) {
            return known;
        }
        return read();
    }

    /** Reads it anew. */
    synchronized T read() {
        T fresh = source.get();
        value = fresh;
        readAt = clock.monotonicTime();
        return fresh;
    }
}

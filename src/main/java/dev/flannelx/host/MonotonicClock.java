package dev.flannelx.host;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock as it was at the start, and from then on evenly: a jump of the wall clock does not reach it. */
public final class MonotonicClock implements InstantSource {
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}

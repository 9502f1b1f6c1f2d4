package dev.flannelx.kube.operator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that goes by itself and can be moved. */
final class MovableClock implements InstantSource {
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final AtomicReference<Duration> moved = new AtomicReference<>(Duration.ZERO);

    void move(Duration by) {
        moved.accumulateAndGet(by, Duration::plus);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos).plus(moved.get());
    }
}

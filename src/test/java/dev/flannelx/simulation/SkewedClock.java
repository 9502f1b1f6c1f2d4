package dev.flannelx.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that somebody sets. */
final class SkewedClock implements InstantSource {
    private volatile Duration skew = Duration.ZERO;

    void set(Duration newSkew) {
        skew = newSkew;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(skew);
    }
}

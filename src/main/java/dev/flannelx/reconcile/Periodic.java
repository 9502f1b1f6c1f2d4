package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When to do something that is to be done now and then, not at the same moment everywhere. Not thread-safe. */
public final class Periodic {
    private final Duration period;
    private final Duration jitter;
    private final RandomGenerator random;
    private Instant next;

    /**
     * One that is due first within a period.
     *
     * @param period between one time and the next, at least
     * @param jitter added to it, at most
     */
    public Periodic(Duration period, Duration jitter, RandomGenerator random, Instant now) {
        this.period = period;
        this.jitter = jitter;
        this.random = random;
        next = now.plus(upTo(period));
    }

    /** Whether it is due; if so, the next time is a period away. */
    public boolean takeDue(Instant now) {
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(period).plus(upTo(jitter));
        return true;
    }

    private Duration upTo(Duration longest) {
        return Duration.ofNanos(random.nextLong(longest.toNanos() + 1));
    }
}

package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps a network's checks, of peers and of the startup, to a tenth of wall time: one at a time, and after each a pause of
 * nine times what it took. With many peers or slow checks the period stretches by itself.
 */
final class CheckBudget {
    private static final int PAUSE_PER_RUN = 9;

    private boolean running;
    private Instant nextAt = Instant.MIN;

    /** Whether a check may start now. */
    boolean allows(Instant now) {
        return !running && !now.isBefore(nextAt);
    }

    /** When a check may start, unless one is under way now. */
    Optional<Instant> nextAt() {
        return running ? Optional.empty() : Optional.of(nextAt);
    }

    void started() {
        running = true;
    }

    void finished(Duration took, Instant now) {
        running = false;
        nextAt = now.plus(took.multipliedBy(PAUSE_PER_RUN));
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.network.BackendSettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015), and never less than the failed run took, so that slow failures do not fill the time.
 */
public record Backoff(Duration initialDelay, Duration maxDelay) {
    /** Beyond this the bound no longer doubles: it is the maximum for any sensible pair of delays. */
    private static final int MAX_DOUBLINGS = 30;

    public static Backoff of(BackendSettings settings) {
        return new Backoff(settings.retryInitialDelay(), settings.retryMaxDelay());
    }

    /**
     * The wait before the next try.
     *
     * @param attempts failed in a row, at least 1
     * @param took how long the last one ran
     */
    public Duration delay(int attempts, Duration took, RandomGenerator random) {
        long bound = Math.min(
                maxDelay.toNanos(),
                initialDelay.toNanos() << Math.min(attempts - 1, Math.min(MAX_DOUBLINGS, headroom())));
        Duration jittered = Duration.ofNanos(random.nextLong(bound + 1));
        return jittered.compareTo(took) < 0 ? took : jittered;
    }

    private int headroom() {
        return Long.numberOfLeadingZeros(Math.max(1, initialDelay.toNanos())) - 1;
    }
}

package dev.flannelx.network;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a network's hooks are run.
 *
 * @param timeout after which a hook's process group is ended
 * @param checkPeriod between two checks of one peer
 * @param parallelism how many hooks run at once; 1 as in flannel
 * @param retryInitialDelay the first upper bound of the full-jitter backoff
 * @param retryMaxDelay its last
 * @param mtu what pods are told, or null: the interface's MTU less {@code mtuOverhead}
 * @param mtuOverhead in bytes
 */
public record BackendSettings(
        Duration timeout,
        Duration checkPeriod,
        int parallelism,
        Duration retryInitialDelay,
        Duration retryMaxDelay,
        @Nullable Integer mtu,
        int mtuOverhead) {

    public static final BackendSettings DEFAULT = new BackendSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(60), 1, Duration.ofSeconds(1), Duration.ofSeconds(60), null, 0);
}

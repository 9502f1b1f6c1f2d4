package dev.flannelx.lab;

import dev.flannelx.network.BackendSettings;
import dev.flannelx.network.Network;
import java.time.Duration;

/**
 * What one set of nodes is made for.
 *
 * @param instance tells the nodes of one scenario from those of the next
 * @param flaky whether hooks are made to fail
 */
record LabSettings(Network network, int instance, long seed, Duration timeout, boolean flaky) {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    LabSettings {
        network = hurried(network);
    }

    /** Whether what an add did can be taken away again. */
    boolean canRemove() {
        return network.commands().peers().canRemove();
    }

    /** The network, with backoff and removal grace capped, since people wait for the lab. */
    private static Network hurried(Network network) {
        BackendSettings settings = network.settings();
        return network.withRemovalGrace(shorter(network.removalGrace()))
                .withSettings(new BackendSettings(
                        settings.timeout(),
                        settings.checkPeriod(),
                        settings.parallelism(),
                        shorter(settings.retryInitialDelay()),
                        shorter(settings.retryMaxDelay()),
                        settings.mtu(),
                        settings.mtuOverhead()));
    }

    private static Duration shorter(Duration duration) {
        return duration.compareTo(LONGEST_WAIT) < 0 ? duration : LONGEST_WAIT;
    }
}

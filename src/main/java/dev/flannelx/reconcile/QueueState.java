package dev.flannelx.reconcile;

import java.time.Duration;

/**
 * What waits for a hook.
 *
 * @param depth peers that are ready, checks not counted
 * @param oldest how long the first of them has been ready
 */
public record QueueState(int depth, Duration oldest) {
    public static final QueueState EMPTY = new QueueState(0, Duration.ZERO);
}

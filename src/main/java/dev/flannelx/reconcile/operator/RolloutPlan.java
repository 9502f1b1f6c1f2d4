package dev.flannelx.reconcile.operator;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done about a roll-out now.
 *
 * @param raise nodes that may apply the latest spec from now on
 * @param nextAt when to look again, if nothing changes before
 */
record RolloutPlan(Set<String> raise, Progress progress, Optional<Instant> nextAt) {
    RolloutPlan {
        raise = Set.copyOf(raise);
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import java.util.Set;

/** What became of a chore. */
sealed interface ChoreResult {
    record Done() implements ChoreResult {}

    record Claimed(ClaimResult result) implements ChoreResult {}

    record Gone(Set<Subnet> subnets) implements ChoreResult {}

    /** It could not be done now. */
    record Troubled(String message) implements ChoreResult {}
}

package dev.flannelx.reconcile;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;

/** What became of a claim. */
sealed interface ClaimResult {
    /** The lease is this node's, and says what it should. */
    record Held(Lease lease) implements ClaimResult {}

    /** The node's own subnet has become another node's. */
    record Lost(Subnet subnet, String node) implements ClaimResult {}

    /** No subnet is free. */
    record Exhausted(String message) implements ClaimResult {}

    /** The store, or the Node, does not allow it. */
    record Refused(String message) implements ClaimResult {}
}

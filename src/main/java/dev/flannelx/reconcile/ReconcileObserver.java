package dev.flannelx.reconcile;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.time.Duration;
import java.util.List;

/** Hears what happens to one network on this node. Calls come from several threads and must return at once. */
public interface ReconcileObserver {
    /**
     * A hook ended.
     *
     * @param attempt 1 for the first in a row of the same hook for the same peer
     */
    default void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {}

    /** A remove or shutdown was set aside. */
    default void hookAbandoned(HookInvocation invocation, int attempts) {}

    /** A peer is in place, that long after its lease was first seen as it is. */
    default void converged(Peer peer, Duration sinceSeen) {}

    default void leaseAcquired(Lease lease) {}

    default void leaseLost(Subnet subnet, String message) {}

    /** A create found the subnet taken. */
    default void allocationConflict(Subnet subnet) {}

    /** Leases that do not count, each time that the leases were looked at. */
    default void leasesSkipped(List<CountedLeases.Skipped> skipped) {}

    /** Something could not be done for a reason outside the hooks: the store, the journal, subnet.env. */
    default void troubled(String message) {}

    /** The status may have changed. */
    default void changed() {}
}

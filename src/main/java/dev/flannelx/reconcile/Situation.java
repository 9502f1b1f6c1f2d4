package dev.flannelx.reconcile;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * How things stand with one network on one node at one moment: what hooks, chores and the status are told from.
 *
 * @param directive null before the first
 * @param peers null before anything began
 * @param synced whether the leases have been seen
 * @param restarting whether the node is taken down to be brought up anew
 * @param quiet whether no hook is under way
 * @param forgotten whether a teardown has done its last step
 */
record Situation(
        @Nullable Directive directive,
        Self self,
        StartupReconciler startup,
        LeaseWatch lease,
        @Nullable PeerReconciler peers,
        boolean synced,
        boolean restarting,
        boolean quiet,
        boolean forgotten) {

    @Nullable
    AppliedStartup applied() {
        return startup.applied().orElse(null);
    }

    /** The subnet that the node holds or, where it holds none, that it had; null if neither. */
    @Nullable
    Subnet subnet() {
        AppliedStartup applied = applied();
        Subnet had = applied == null ? null : applied.local().subnet();
        return lease.held().map(Lease::subnet).orElse(had);
    }

    PeerReconciler requirePeers() {
        if (peers == null) {
            throw new IllegalStateException("no startup, and yet a peer");
        }
        return peers;
    }

    /** Whether what was brought up is on its way down, be it to come up anew. */
    boolean isGoingDown() {
        AppliedStartup applied = applied();
        return switch (directive) {
            case null -> false;
            case Directive.Hold _ -> restarting;
            case Directive.TearDown() -> true;
            case Directive.Join join -> applied != null && (restarting || !applied.isOf(join));
        };
    }
}

package dev.flannelx.app.agent;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.ReconcileObserver;
import java.time.Duration;
import java.util.List;

/** Two observers as one. */
public record Observers(ReconcileObserver first, ReconcileObserver second) implements ReconcileObserver {
    @Override
    public void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {
        first.hookFinished(invocation, outcome, attempt);
        second.hookFinished(invocation, outcome, attempt);
    }

    @Override
    public void hookAbandoned(HookInvocation invocation, int attempts) {
        first.hookAbandoned(invocation, attempts);
        second.hookAbandoned(invocation, attempts);
    }

    @Override
    public void converged(Peer peer, Duration sinceSeen) {
        first.converged(peer, sinceSeen);
        second.converged(peer, sinceSeen);
    }

    @Override
    public void leaseAcquired(Lease lease) {
        first.leaseAcquired(lease);
        second.leaseAcquired(lease);
    }

    @Override
    public void leaseLost(Subnet subnet, String message) {
        first.leaseLost(subnet, message);
        second.leaseLost(subnet, message);
    }

    @Override
    public void allocationConflict(Subnet subnet) {
        first.allocationConflict(subnet);
        second.allocationConflict(subnet);
    }

    @Override
    public void leasesSkipped(List<CountedLeases.Skipped> skipped) {
        first.leasesSkipped(skipped);
        second.leasesSkipped(skipped);
    }

    @Override
    public void troubled(String message) {
        first.troubled(message);
        second.troubled(message);
    }

    @Override
    public void changed() {
        first.changed();
        second.changed();
    }
}

package dev.flannelx.reconcile;

/** Everything outside that one network on one node has to do with. */
public record Ports(
        LeaseStore leases, HookRunner runner, Journal journal, Publication publication, ReconcileObserver observer) {}

package dev.flannelx.app.agent;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.ReconcileObserver;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells people what happens to one network on this node: a log line for each transition, and events. What comes again and
 * again (the retries of a hook, a store that does not answer) is logged when it begins and when it is over.
 */
final class NetworkObserver implements ReconcileObserver {
    private static final Logger LOG = Logger.getLogger(NetworkObserver.class);

    private final String network;
    private final String node;
    private final NetworkEvents events;
    private final SkippedLog skipped;
    private final Runnable changed;
    private final FailingHooks failing = new FailingHooks();
    private final OngoingTrouble trouble = new OngoingTrouble();
    private @Nullable Subnet held;
    private @Nullable Standing standing;

    /** @param changed called whenever the status may have changed; must return at once */
    NetworkObserver(String network, String node, NetworkEvents events, SkippedLog skipped, Runnable changed) {
        this.network = network;
        this.node = node;
        this.events = events;
        this.skipped = skipped;
        this.changed = changed;
    }

    /** What of a status is worth a line. */
    private record Standing(String phase, boolean ready, String reason, long generation) {
        static Standing of(NetworkStatus status) {
            return new Standing(status.phase().text(), status.ready(), status.reason(), status.generation());
        }
    }

    /** The node has had that subnet since before this agent started. */
    synchronized void alreadyHolds(@Nullable Subnet subnet) {
        held = subnet;
    }

    /** Takes a look at where the node stands by now. Called by one thread. */
    void see(NetworkStatus status) {
        var now = Standing.of(status);
        if (now.reason().isEmpty() && trouble.over()) {
            LOG.infof("trouble over network=%s node=%s", network, node);
        }
        Standing before = standing;
        if (now.equals(before)) {
            return;
        }
        standing = now;
        LOG.infof(
                "status network=%s node=%s subnet=%s phase=%s ready=%s generation=%d%s",
                network,
                node,
                status.subnet(),
                now.phase(),
                now.ready(),
                now.generation(),
                now.reason().isEmpty() ? "" : " reason=" + now.reason() + ": " + status.message());
        if (now.reason().equals("PoolExhausted")
                && (before == null || !before.reason().equals(now.reason()))) {
            events.poolExhausted(status.message());
        }
    }

    @Override
    public void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {
        LOG.debugf("hook ended %s: %s", key(invocation, attempt), outcome);
        if (outcome.succeeded()) {
            if (failing.over(invocation)) {
                LOG.infof("hook recovered %s", key(invocation, attempt));
                events.hookRecovered(invocation, attempt);
            }
        } else if (invocation.hook().isCheck() && outcome.saysGone()) {
            LOG.infof("check found it gone %s: %s", key(invocation, attempt), outcome.message());
        } else {
            if (failing.failed(invocation)) {
                LOG.warnf("hook failed %s: %s", key(invocation, attempt), outcome.message());
            }
            events.hookFailed(invocation, outcome, attempt);
        }
    }

    @Override
    public void hookAbandoned(HookInvocation invocation, int attempts) {
        failing.over(invocation);
        LOG.warnf("hook set aside %s", key(invocation, attempts));
    }

    @Override
    public void converged(Peer peer, Duration sinceSeen) {
        LOG.debugf("peer applied network=%s node=%s subnet=%s after=%s", network, node, peer.subnet(), sinceSeen);
    }

    @Override
    public synchronized void leaseAcquired(Lease lease) {
        if (!lease.subnet().equals(held)) {
            held = lease.subnet();
            LOG.infof("lease acquired network=%s node=%s subnet=%s", network, node, lease.subnet());
            events.leaseAcquired(lease.subnet());
        }
    }

    @Override
    public synchronized void leaseLost(Subnet subnet, String message) {
        held = null;
        LOG.warnf("lease lost network=%s node=%s subnet=%s: %s", network, node, subnet, message);
        events.leaseLost(subnet, message);
    }

    @Override
    public void allocationConflict(Subnet subnet) {
        LOG.debugf("subnet taken network=%s node=%s subnet=%s", network, node, subnet);
    }

    @Override
    public void leasesSkipped(List<CountedLeases.Skipped> leases) {
        skipped.uncounted(leases);
    }

    @Override
    public void troubled(String message) {
        if (trouble.met(message)) {
            LOG.warnf("trouble network=%s node=%s: %s", network, node, message);
        }
    }

    @Override
    public void changed() {
        changed.run();
    }

    private String key(HookInvocation invocation, int attempt) {
        String subnet = switch (invocation) {
            case HookInvocation.ForNode _ -> "";
            case HookInvocation.ForPeer(var _, String _, var _, Peer peer) ->
                peer.subnet().toString();
            case HookInvocation.ForBatch(String _, var _, var lines) -> lines.size() + " lines";
        };
        return "network=%s node=%s subnet=%s hook=%s attempt=%d"
                .formatted(network, node, subnet, invocation.hook().text(), attempt);
    }
}

package dev.flannelx.kube.operator;

import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.ClusterView;
import dev.flannelx.reconcile.operator.LeaseCleanup;
import dev.flannelx.reconcile.operator.Removal;
import dev.flannelx.reconcile.operator.StaleOrders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Takes away leases that have no business to be there, and orders that nobody needs any more. Not thread-safe. */
final class LeaseReconciler {
    /** Well below the pause after which it would count afresh: {@link dev.flannelx.lease.LeaseExpiry#GAP}. */
    private static final Duration PERIOD = Duration.ofSeconds(30);
    /** So many at once, before others get their turn. */
    private static final int AT_ONCE = 50;

    private final ClusterSight sight;
    private final LeaseRemover remover;
    private final ClusterWriter writer;
    private final OperatorEvents events;
    private final LeaseCleanup cleanup;
    private final StaleOrders staleOrders = new StaleOrders();

    LeaseReconciler(ClusterSight sight, LeaseRemover remover, ClusterWriter writer, OperatorEvents events) {
        this.sight = sight;
        this.remover = remover;
        this.writer = writer;
        this.events = events;
        cleanup = new LeaseCleanup(sight.expiry());
    }

    /**
     * Reconciles.
     *
     * @return when to do it again, if nothing changes before
     * @throws IOException if it is to be tried again
     */
    Instant reconcile(Instant now) throws IOException {
        ClusterView view = sight.look(now);
        List<SeenNetwork> networks = sight.networks();
        LeaseCleanup.Findings findings = cleanup.find(networks, view, now);
        for (ClusterNode node : view.nodes().values()) {
            events.silent(node, findings.reports().getOrDefault(node.name(), ""));
        }
        List<Removal> removals = findings.removals().stream().limit(AT_ONCE).toList();
        try (Turn _ = Turn.take(staleOrders.find(networks, view, now), writer::takeBack);
                Turn _ = Turn.take(removals, removal -> remove(removal, view, networks))) {
            return findings.removals().size() > AT_ONCE ? now : now.plus(PERIOD);
        }
    }

    private void remove(Removal removal, ClusterView view, List<SeenNetwork> networks) throws IOException {
        if (remover.remove(removal, view)) {
            events.removed(removal, networks);
        }
    }
}

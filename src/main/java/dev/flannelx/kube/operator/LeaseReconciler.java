package dev.flannelx.kube.operator;

import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.ClusterView;
import dev.flannelx.reconcile.operator.LeaseCleanup;
import dev.flannelx.reconcile.operator.Removal;
import dev.flannelx.reconcile.operator.StaleOrder;
import dev.flannelx.reconcile.operator.StaleOrders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Takes away leases that have no business to be there, and orders that nobody needs any more. Not thread-safe. */
final class LeaseReconciler {
    /** Well below the pause after which it would count afresh: {@link dev.flannelx.lease.LeaseExpiry#GAP}. */
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final ClusterSight sight;
    private final LeaseRemover remover;
    private final ClusterWriter writer;
    private final OperatorEvents events;
    private final LeaseCleanup cleanup;
    private final Turns<Removal> removing;
    private final StaleOrders staleOrders = new StaleOrders();
    private final Turns<StaleOrder> takingBack;

    LeaseReconciler(ClusterSight sight, LeaseRemover remover, ClusterWriter writer, OperatorEvents events) {
        this.sight = sight;
        this.remover = remover;
        this.writer = writer;
        this.events = events;
        cleanup = new LeaseCleanup(sight.expiry());
        removing = writer.turns();
        takingBack = writer.turns();
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
        try (Turn orders = takingBack.take(staleOrders.find(networks, view, now), writer::takeBack);
                Turn leases = removing.take(findings.removals(), removal -> remove(removal, view, networks))) {
            return orders.isOver() && leases.isOver() ? now.plus(PERIOD) : now;
        }
    }

    private void remove(Removal removal, ClusterView view, List<SeenNetwork> networks) throws IOException {
        if (remover.remove(removal, view)) {
            events.removed(removal, networks);
        }
    }
}

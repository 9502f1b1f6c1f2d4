package dev.flannelx.kube.operator;

import dev.flannelx.reconcile.operator.ClusterNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The work of one time that an operator leads. All that it knows beyond what it sees begins afresh with each term, since
 * nobody knows what was while another one led. Not thread-safe.
 */
final class Term {
    private final Caches caches;
    private final ClusterWriter writer;
    private final NetworkReconciler networks;
    private final LeaseReconciler leases;
    private final Takeover takeover;
    private boolean begun;

    Term(Caches caches, ClusterWriter writer, NetworkReconciler networks, LeaseReconciler leases, Takeover takeover) {
        this.caches = caches;
        this.writer = writer;
        this.networks = networks;
        this.leases = leases;
        this.takeover = takeover;
    }

    /**
     * Whether work can begin. What need not wait is done at each call: networks that go with their type may be all that
     * keeps others of these types from being seen.
     *
     * @throws IOException if it is to be asked again
     */
    boolean hasBegun() throws IOException {
        if (!begun) {
            for (OperatedNetwork network : caches.networks().values()) {
                networks.letGo(network);
            }
            begun = caches.haveSynced() && takeover.isDone();
        }
        return begun;
    }

    /** Everything that there is to be reconciled. */
    List<Key> keys() {
        var keys = new ArrayList<Key>();
        caches.networks().keySet().forEach(name -> keys.add(new Key.OfNetwork(name)));
        caches.nodes().keySet().forEach(name -> keys.add(new Key.OfNode(name)));
        keys.add(new Key.Leases());
        return keys;
    }

    /**
     * Reconciles.
     *
     * @return when to do it again, if nothing changes before; empty if nothing will come of itself
     * @throws IOException if it is to be tried again
     */
    Optional<Instant> reconcile(Key key, Instant now) throws IOException {
        return switch (key) {
            case Key.OfNetwork(String name) -> networks.reconcile(name, now);
            case Key.Leases() -> Optional.of(leases.reconcile(now));
            case Key.OfNode(String name) -> {
                Optional<ClusterNode> node =
                        caches.node(name).filter(seen -> seen.networkUnavailable() && seen.isConnected());
                if (node.isPresent()) {
                    writer.networkAvailable(node.get());
                }
                yield Optional.empty();
            }
        };
    }
}

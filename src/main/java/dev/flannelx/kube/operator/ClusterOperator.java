package dev.flannelx.kube.operator;

import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.event.EventRecorder;
import dev.flannelx.reconcile.operator.OperatorObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator: conditions and counts of networks, roll-outs, teardowns, leases of nodes that are gone, and the Nodes'
 * condition {@code NetworkUnavailable}. Of several one works, the others stand by. Thread-safe.
 */
public final class ClusterOperator implements AutoCloseable {
    /** Thousands of agents speak at once; what they say is looked at together. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PATIENCE_WITH_LEASES = Duration.ofSeconds(2);
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final OperatorObserver observer;
    private final OperatorClocks clocks;
    private final LeaderElection election;
    private final LeaseTypeGuard guard;
    private final EventRecorder recorder;
    private final Caches caches;
    private final OperatorLoop loop;

    /** An operator that does nothing before {@link #start}, and leaves the client open. */
    public ClusterOperator(
            KubernetesClient client,
            OperatorIdentity identity,
            ElectionTiming timing,
            OperatorClocks clocks,
            OperatorObserver observer) {
        this.client = OneTry.of(client, REQUEST);
        this.observer = observer;
        this.clocks = clocks;
        guard = new LeaseTypeGuard(this.client, clocks.decisions());
        recorder =
                new EventRecorder(client, "flannelx.dev/operator", identity.name(), clocks.wall(), clocks.decisions());
        caches = new Caches(client, new Changes());
        election = new LeaderElection(client, identity, timing, clocks, this::leadershipChanged);
        loop = new OperatorLoop(election, this::newTerm, caches::compare, clocks.decisions());
    }

    /** Begins to watch, and to compete for the leadership, however long it takes until the API server answers. */
    public void start() {
        caches.start();
        loop.start();
        election.start();
    }

    /** Whether it has seen all there is, so that it could lead. */
    public boolean isSynced() {
        return caches.haveSynced();
    }

    /** Whether its work goes on, and would if it led. */
    public boolean isAlive() {
        return loop.isAlive() && election.isAlive() && caches.areAlive() && recorder.isAlive();
    }

    public boolean isLeading() {
        return election.isLeading();
    }

    /** Looks at everything anew. */
    public void wake() {
        everything(Duration.ZERO);
        loop.wake();
    }

    /** Writes no more, and lets another one lead at once. */
    @Override
    public void close() {
        boolean led = election.isLeading();
        kill();
        if (led) {
            election.release();
        }
    }

    /** Ends like a process that is killed: it writes nothing more, and nobody is told. */
    public void kill() {
        try {
            election.stop();
            loop.stop(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            caches.close();
            recorder.close();
        }
    }

    private void leadershipChanged() {
        observer.leading(election.isLeading());
        loop.wake();
    }

    private Term newTerm() {
        long number = election.term();
        Fence fence = () -> {
            if (!election.isLeading() || election.term() != number) {
                throw new IOException("this operator does not lead any more");
            }
        };
        var sight = new ClusterSight(caches);
        var writer = new ClusterWriter(client, fence, clocks);
        var events = new OperatorEvents(recorder);
        var networks = new NetworkReconciler(sight, writer, new Definitions(client), events, observer);
        var leases = new LeaseReconciler(sight, new LeaseRemover(client, fence, guard), writer, events);
        return new Term(caches, writer, networks, leases, new Takeover(client, caches));
    }

    /** Every network's status depends on every node and lease, and whether it is accepted on every other network. */
    private void everything(Duration patience) {
        var keys = new ArrayList<Key>();
        caches.networks().keySet().forEach(name -> keys.add(new Key.OfNetwork(name)));
        loop.changed(keys, patience);
        loop.changed(List.of(new Key.Leases()), patience.plus(PATIENCE_WITH_LEASES));
    }

    private final class Changes implements Caches.Listener {
        @Override
        public void networkChanged(String name) {
            loop.changed(List.of(new Key.OfNetwork(name)), Duration.ZERO);
            everything(PATIENCE);
        }

        @Override
        public void nodeChanged(String name) {
            loop.changed(List.of(new Key.OfNode(name)), PATIENCE);
            everything(PATIENCE);
        }

        @Override
        public void leasesChanged() {
            everything(PATIENCE);
        }

        @Override
        public void synced() {
            loop.wake();
        }
    }
}

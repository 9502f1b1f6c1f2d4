package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A cluster's leases in a map. What a node's cache shows is what {@link #observe} last let it see. Where several threads
 * change it, they do so by {@link #change}.
 */
final class FakeLeaseStore implements LeaseStore {
    final Map<Subnet, Lease> truth = new TreeMap<>();
    private Optional<List<Lease>> seen = Optional.empty();
    boolean away;
    boolean broken;

    synchronized void observe() {
        seen = Optional.of(List.copyOf(truth.values()));
    }

    /** A change that every cache sees at once. */
    synchronized void change(Consumer<Map<Subnet, Lease>> what) {
        what.accept(truth);
        observe();
    }

    synchronized void forgetCache() {
        seen = Optional.empty();
    }

    @Override
    public synchronized Optional<List<Lease>> leases() {
        return seen;
    }

    @Override
    public synchronized Creation create(Lease lease) throws IOException {
        answer();
        Lease there = truth.putIfAbsent(lease.subnet(), lease);
        if (there == null) {
            return new Creation.Created(lease);
        }
        return there.nodeUid().equals(lease.nodeUid()) ? new Creation.Created(there) : new Creation.Taken(there.node());
    }

    @Override
    public synchronized Update update(Lease lease) throws IOException {
        answer();
        return truth.replace(lease.subnet(), lease) == null ? new Update.Outdated() : new Update.Updated(lease);
    }

    @Override
    public synchronized void release(Lease lease) throws IOException {
        answer();
        truth.remove(lease.subnet());
    }

    @Override
    public synchronized Set<Subnet> confirmGone(List<Peer> peers) throws IOException {
        answer();
        var gone = new HashSet<Subnet>();
        for (Peer peer : peers) {
            Lease lease = truth.get(peer.subnet());
            if (lease == null
                    || !lease.node().equals(peer.node())
                    || lease.publicAddress().isEmpty()) {
                gone.add(peer.subnet());
            }
        }
        return gone;
    }

    private void answer() throws IOException {
        if (broken) {
            throw new IllegalStateException("the client is closed");
        }
        if (away) {
            throw new IOException("the API server is away");
        }
    }
}

package dev.flannelx.lab;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All leases of the lab's network, in memory: creating one is a compare-and-swap, as in the cluster. */
public final class MemoryLeases implements LeaseStore {
    private final TreeMap<Subnet, Lease> leases = new TreeMap<>();
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();

    /** Calls {@code watcher} after every change. */
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    public synchronized List<Lease> all() {
        return List.copyOf(leases.values());
    }

    /** Takes away the lease of a node, as when the node is deleted. */
    public void delete(String node) {
        synchronized (this) {
            leases.values().removeIf(lease -> lease.node().equals(node));
        }
        changed();
    }

    @Override
    public Optional<List<Lease>> leases() {
        return Optional.of(all());
    }

    @Override
    public Creation create(Lease lease) {
        Lease there;
        synchronized (this) {
            there = leases.putIfAbsent(lease.subnet(), lease);
        }
        if (there == null) {
            changed();
            return new Creation.Created(lease);
        }
        return there.nodeUid().equals(lease.nodeUid()) ? new Creation.Created(there) : new Creation.Taken(there.node());
    }

    @Override
    public Update update(Lease lease) {
        boolean own;
        synchronized (this) {
            Lease there = leases.get(lease.subnet());
            own = there != null && there.nodeUid().equals(lease.nodeUid());
            if (own) {
                leases.put(lease.subnet(), lease);
            }
        }
        if (!own) {
            return new Update.Outdated();
        }
        changed();
        return new Update.Updated(lease);
    }

    @Override
    public void release(Lease lease) {
        synchronized (this) {
            leases.computeIfPresent(
                    lease.subnet(), (subnet, there) -> there.nodeUid().equals(lease.nodeUid()) ? null : there);
        }
        changed();
    }

    @Override
    public synchronized Set<Subnet> confirmGone(List<Peer> peers) {
        var gone = new HashSet<Subnet>();
        for (Peer peer : peers) {
            Lease there = leases.get(peer.subnet());
            if (there == null || !there.node().equals(peer.node())) {
                gone.add(peer.subnet());
            }
        }
        return gone;
    }

    private void changed() {
        watchers.forEach(Runnable::run);
    }
}

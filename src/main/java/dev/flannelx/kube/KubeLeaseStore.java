package dev.flannelx.kube;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The leases of one network, as SubnetLeases: seen through an informer, written at once. */
public final class KubeLeaseStore implements LeaseStore {
    /** So many peers are asked for one by one; more, and one list is cheaper. */
    private static final int ASKED_ONE_BY_ONE = 8;

    private final String network;
    private final StoredLeases stored;
    private final LeaseInformer informer;
    private final LeaseTypeGuard guard;

    /** A store whose {@code informer} watches the same network. */
    public KubeLeaseStore(KubernetesClient client, String network, LeaseInformer informer, LeaseTypeGuard guard) {
        this.network = network;
        this.stored = new StoredLeases(client, network);
        this.informer = informer;
        this.guard = guard;
    }

    @Override
    public Optional<List<Lease>> leases() {
        return informer.leases();
    }

    @Override
    public Creation create(Lease lease) throws IOException {
        return stored.create(lease);
    }

    @Override
    public Update update(Lease lease) throws IOException {
        return stored.update(lease);
    }

    @Override
    public void release(Lease lease) throws IOException {
        stored.release(lease);
    }

    @Override
    public Set<Subnet> confirmGone(List<Peer> peers) throws IOException {
        Map<String, Lease> there = peers.size() > ASKED_ONE_BY_ONE ? stored.all() : readEach(peers);
        guard.check();
        var gone = new HashSet<Subnet>();
        for (Peer peer : peers) {
            Lease lease = there.get(LeaseMapping.name(network, peer.subnet()));
            if (lease == null
                    || !lease.node().equals(peer.node())
                    || !lease.subnet().equals(peer.subnet())
                    || lease.publicAddress().isEmpty()) {
                gone.add(peer.subnet());
            }
        }
        return gone;
    }

    private Map<String, Lease> readEach(List<Peer> peers) throws IOException {
        var there = new HashMap<String, Lease>();
        for (Peer peer : peers) {
            stored.find(peer.subnet()).ifPresent(lease -> there.put(LeaseMapping.name(network, peer.subnet()), lease));
        }
        return there;
    }
}

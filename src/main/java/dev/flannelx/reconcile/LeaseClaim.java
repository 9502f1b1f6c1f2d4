package dev.flannelx.reconcile;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Allocation;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.OwnLease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.lease.SubnetAllocator;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetSource;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gets a node its lease: the one that it has, else the subnet that it had, else a free one. Creating a lease is the
 * compare-and-swap, so that whatever the cache does not know yet costs a try and nothing else.
 */
final class LeaseClaim {
    private final LeaseStore store;
    private final ReconcileObserver observer;

    LeaseClaim(LeaseStore store, ReconcileObserver observer) {
        this.store = store;
        this.observer = observer;
    }

    /**
     * Claims; blocks for as long as the store does.
     *
     * @param now becomes the acquire time of a new lease
     * @throws IOException if the store did not answer, or changed meanwhile: claim again
     */
    ClaimResult claim(ClaimRequest request, Instant now) throws IOException {
        List<Lease> leases = store.leases().orElseThrow(() -> new IOException("the leases have not been seen yet"));
        CountedLeases sorted = CountedLeases.of(request.network(), leases);
        var taken = new HashSet<>(sorted.taken());
        List<Lease> counted = sorted.counted();
        Self self = request.self();
        Optional<Lease> own = OwnLease.choose(counted, self.node(), self.uid(), request.previous());
        if (own.isPresent()) {
            return publish(own.get(), request);
        }
        if (request.network().subnetSource() == SubnetSource.NODE_POD_CIDR) {
            return claimPodSubnet(request, now);
        }
        if (request.previous() != null) {
            ClaimResult again = createOrLoseToAnother(request.previous(), request, now);
            if (!(again instanceof ClaimResult.Lost) || !request.mayMove()) {
                return again;
            }
            taken.add(request.previous());
        }
        return allocate(request, taken, now);
    }

    /** Claims what the Node has of the network's families; what nobody would count is nothing to claim. */
    private ClaimResult claimPodSubnet(ClaimRequest request, Instant now) throws IOException {
        Network network = request.network();
        String node = "Node " + request.self().node();
        Subnet podSubnet = request.self().podSubnet();
        if (podSubnet == null) {
            return new ClaimResult.Refused(node + " has no spec.podCIDRs: want one per family");
        }
        Cidr ipv4 = network.ipv4() == null ? null : podSubnet.ipv4();
        Cidr ipv6 = network.ipv6() == null ? null : podSubnet.ipv6();
        if ((ipv4 == null) != (network.ipv4() == null) || (ipv6 == null) != (network.ipv6() == null)) {
            return new ClaimResult.Refused("%s has spec.podCIDRs %s: want one per family of network %s"
                    .formatted(node, podSubnet, network.name()));
        }
        var subnet = new Subnet(ipv4, ipv6);
        Optional<String> problem = CountedLeases.problemWithPlace(network, subnet);
        return problem.isPresent()
                ? new ClaimResult.Refused("%s has spec.podCIDRs %s: %s".formatted(node, podSubnet, problem.get()))
                : createOrLoseToAnother(subnet, request, now);
    }

    private ClaimResult allocate(ClaimRequest request, Set<Subnet> taken, Instant now) throws IOException {
        while (true) {
            switch (SubnetAllocator.allocate(request.network(), request.self().node(), taken)) {
                case Allocation.Exhausted(String message) -> {
                    return new ClaimResult.Exhausted(message);
                }
                case Allocation.Free(Subnet subnet) -> {
                    ClaimResult result = createOrLose(subnet, request, now);
                    if (!(result instanceof ClaimResult.Lost)) {
                        return result;
                    }
                    taken.add(subnet);
                }
            }
        }
    }

    /** An earlier Node of this node's name is no other node: its lease is about to go, and is waited for. */
    private ClaimResult createOrLoseToAnother(Subnet subnet, ClaimRequest request, Instant now) throws IOException {
        ClaimResult result = createOrLose(subnet, request, now);
        if (result instanceof ClaimResult.Lost(Subnet _, String node)
                && node.equals(request.self().node())) {
            throw new IOException("the lease of %s is still that of an earlier Node %s".formatted(subnet, node));
        }
        return result;
    }

    private ClaimResult createOrLose(Subnet subnet, ClaimRequest request, Instant now) throws IOException {
        return switch (store.create(lease(subnet, request, now))) {
            case LeaseStore.Creation.Created(Lease lease) -> publish(lease, request);
            case LeaseStore.Creation.Taken(String node) -> {
                observer.allocationConflict(subnet);
                yield new ClaimResult.Lost(subnet, node);
            }
            case LeaseStore.Creation.Refused(String message) -> new ClaimResult.Refused(message);
        };
    }

    /** Sees to it that the node's own lease says what it should. */
    private ClaimResult publish(Lease lease, ClaimRequest request) throws IOException {
        Lease wanted = published(lease, request.network(), request.self(), request.data());
        if (wanted.equals(lease)) {
            return new ClaimResult.Held(lease);
        }
        return switch (store.update(wanted)) {
            case LeaseStore.Update.Updated(Lease updated) -> new ClaimResult.Held(updated);
            case LeaseStore.Update.Outdated() ->
                throw new IOException("lease of " + lease.subnet() + " changed while it was written");
            case LeaseStore.Update.Refused(String message) -> new ClaimResult.Refused(message);
        };
    }

    /** The lease as this node wants it read by others. */
    static Lease published(Lease lease, Network network, Self self, String data) {
        return lease.withPublished(self.uid(), self.publicAddress(), network.backendType(), data);
    }

    private static Lease lease(Subnet subnet, ClaimRequest request, Instant now) {
        Self self = request.self();
        return new Lease(
                request.network().name(),
                self.node(),
                self.uid(),
                subnet,
                self.publicAddress(),
                request.network().backendType(),
                request.data(),
                now,
                now,
                false);
    }

    /** The lease to give up, going by what the journal says. */
    static Lease held(Network network, Self self, Subnet subnet, String data) {
        return lease(subnet, new ClaimRequest(network, self, data, subnet, false), Instant.EPOCH);
    }
}

package dev.flannelx.reconcile.operator;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.LeaseExpiry;
import dev.flannelx.lease.OwnLease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetSource;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds leases that are to go. What expired goes at once, by {@link LeaseExpiry}. What is merely out of place goes when it
 * has been so for a while, since agents say with a delay what they keep. Not thread-safe.
 */
public final class LeaseCleanup {
    /** How long a lease must have been out of place. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For leases of which no network says how long they last: longer than anything. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final LeaseExpiry expiry;
    private final Map<Lease, Instant> outOfPlace = new HashMap<>();
    private Map<String, String> reports = Map.of();

    /** @param expiry which has looked at the nodes before each call, or paused */
    public LeaseCleanup(LeaseExpiry expiry) {
        this.expiry = expiry;
    }

    /**
     * What was found.
     *
     * @param reports by the name of a node, what a person should know about it; as they were while the expiry pauses
     */
    public record Findings(List<Removal> removals, Map<String, String> reports) {
        public Findings {
            removals = List.copyOf(removals);
            reports = Map.copyOf(reports);
        }
    }

    /** Looks at all leases. */
    public Findings find(Collection<SeenNetwork> networks, ClusterView cluster, Instant now) {
        Map<String, Network> valid = valid(networks);
        var removals = new ArrayList<Removal>();
        var silent = new TreeMap<String, String>();
        for (Lease lease : cluster.leases()) {
            Network network = valid.get(lease.network());
            switch (expiry.judge(lease, network == null ? FOR_EVER : network.leaseDuration())) {
                case LeaseExpiry.Verdict.Keep() -> {}
                case LeaseExpiry.Verdict.Report(String message) -> silent.put(lease.node(), message);
                case LeaseExpiry.Verdict.Expire(String reason) -> removals.add(new Removal.Expired(lease, reason));
            }
        }
        if (!expiry.isPaused()) {
            reports = silent;
        }
        removals.addAll(patiently(misplaced(valid.values(), cluster), now));
        return new Findings(removals, reports);
    }

    private static Map<String, Network> valid(Collection<SeenNetwork> networks) {
        var valid = new TreeMap<String, Network>();
        networks.forEach(seen -> {
            if (seen.decoded() instanceof Decoded.Valid(Network network)) {
                valid.put(seen.name(), network);
            }
        });
        return valid;
    }

    private List<Removal> patiently(List<Removal> found, Instant now) {
        outOfPlace.keySet().retainAll(found.stream().map(Removal::lease).collect(Collectors.toSet()));
        found.forEach(removal -> outOfPlace.putIfAbsent(removal.lease(), now));
        return found.stream()
                .filter(removal -> !Objects.requireNonNull(outOfPlace.get(removal.lease()))
                        .plus(PATIENCE)
                        .isAfter(now))
                .toList();
    }

    private static List<Removal> misplaced(Collection<Network> networks, ClusterView cluster) {
        var found = new ArrayList<Removal>();
        for (Network network : networks) {
            List<Lease> leases = cluster.leasesOf(network.name());
            found.addAll(surplus(network, leases, cluster));
            if (network.subnetSource() == SubnetSource.NODE_POD_CIDR) {
                leases.forEach(lease ->
                        outside(lease, cluster.nodes().get(lease.node())).forEach(found::add));
            }
        }
        return found;
    }

    private static List<Removal> surplus(Network network, List<Lease> leases, ClusterView cluster) {
        List<Lease> counted = CountedLeases.of(network, leases).counted();
        var once = new HashSet<String>();
        return counted.stream()
                .map(Lease::node)
                .filter(node -> !once.add(node))
                .distinct()
                .flatMap(name -> surplusOf(cluster.nodes().get(name), network.name(), counted))
                .toList();
    }

    private static Stream<Removal> surplusOf(@Nullable ClusterNode node, String network, List<Lease> counted) {
        if (node == null) {
            return Stream.empty();
        }
        NetworkStatus standing = node.standing(network);
        Subnet kept = standing == null ? null : standing.subnet();
        return OwnLease.choose(counted, node.name(), node.uid(), kept).stream()
                .flatMap(own -> OwnLease.surplus(counted, node.name(), node.uid(), kept).stream()
                        .map(lease -> new Removal.Surplus(lease, own.subnet())));
    }

    private static Stream<Removal> outside(Lease lease, @Nullable ClusterNode node) {
        if (node == null
                || node.podSubnet() == null
                || lease.reserved()
                || !lease.nodeUid().equals(node.uid())) {
            return Stream.empty();
        }
        List<Cidr> podCidrs = node.podSubnet().families();
        boolean inside = lease.subnet().families().stream()
                .allMatch(subnet -> podCidrs.stream().anyMatch(podCidr -> podCidr.contains(subnet)));
        return inside ? Stream.empty() : Stream.of(new Removal.Outside(lease, node.podSubnet()));
    }
}

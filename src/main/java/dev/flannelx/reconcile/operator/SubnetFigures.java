package dev.flannelx.reconcile.operator;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.SubnetAllocator;
import dev.flannelx.network.Network;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a network's leases.
 *
 * @param allocated leases that count
 * @param capacity how many there can be: subnets to hand out, and those that nodes have beside; at most {@link #MANY}
 * @param waiting nodes that found none to take
 * @param shared the public addresses that more than one node claims to have, with those nodes
 * @param skipped leases that do not count
 */
public record SubnetFigures(
        long allocated,
        long capacity,
        List<String> waiting,
        Map<Address, Set<String>> shared,
        List<CountedLeases.Skipped> skipped) {
    /** So many or more: JSON numbers are exact up to here. */
    public static final long MANY = 1L << 53;

    static SubnetFigures of(Network network, ClusterView cluster) {
        List<Lease> leases = cluster.leasesOf(network.name());
        CountedLeases sorted = CountedLeases.of(network, leases);
        List<Lease> counted = sorted.counted();
        BigInteger capacity = switch (network.subnetSource()) {
            case POOL -> pool(network, counted);
            case NODE_POD_CIDR -> podCidrs(network, counted);
        };
        return new SubnetFigures(
                counted.size(),
                capacity.min(BigInteger.valueOf(MANY)).longValueExact(),
                waiting(network, cluster),
                shared(counted),
                sorted.skipped());
    }

    private static List<String> waiting(Network network, ClusterView cluster) {
        return cluster.nodes().values().stream()
                .filter(node -> node.isWithoutSubnet(network.name()))
                .map(ClusterNode::name)
                .sorted()
                .toList();
    }

    /** How many there are to hand out, and how many nodes have beside those, as when first or last have moved. */
    private static BigInteger pool(Network network, List<Lease> leases) {
        Optional<SubnetAllocator.Range> range = SubnetAllocator.range(network);
        long within = leases.stream()
                .filter(lease -> range.isPresent() && range.get().holds(network, lease.subnet()))
                .count();
        return range.map(SubnetAllocator.Range::size)
                .orElse(BigInteger.ZERO)
                .add(BigInteger.valueOf(leases.size() - within));
    }

    /** How many subnets as small as the smallest that a node has fit into the network. */
    private static BigInteger podCidrs(Network network, List<Lease> leases) {
        return Stream.of(
                        capacity(
                                network.ipv4Network().orElse(null),
                                leases.stream().map(lease -> lease.subnet().ipv4())),
                        capacity(
                                network.ipv6Network().orElse(null),
                                leases.stream().map(lease -> lease.subnet().ipv6())))
                .min(BigInteger::compareTo)
                .orElse(BigInteger.ZERO);
    }

    private static BigInteger capacity(@Nullable Cidr network, Stream<@Nullable Cidr> subnets) {
        BigInteger many = BigInteger.valueOf(MANY);
        if (network == null) {
            return many;
        }
        return subnets.flatMap(Stream::ofNullable).mapToInt(Cidr::prefixLength).max().stream()
                .mapToObj(length -> BigInteger.ONE.shiftLeft(length - network.prefixLength()))
                .findFirst()
                .orElse(many);
    }

    private static Map<Address, Set<String>> shared(List<Lease> leases) {
        var nodes = new TreeMap<Address, Set<String>>();
        for (Lease lease : leases) {
            PublicAddress address = lease.publicAddress();
            Stream.of(address.ipv4(), address.ipv6())
                    .filter(Objects::nonNull)
                    .forEach(one ->
                            nodes.computeIfAbsent(one, key -> new TreeSet<>()).add(lease.node()));
        }
        nodes.values().removeIf(sharers -> sharers.size() < 2);
        return nodes;
    }
}

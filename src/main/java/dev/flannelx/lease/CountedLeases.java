package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import dev.flannelx.network.DnsSubdomain;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetPool;
import dev.flannelx.network.SubnetSource;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a network that count, and those that do not, with the reason: whoever may write leases may write
 * nonsense, which must harm nobody else.
 *
 * @param counted in the order of their age; no two overlap
 * @param skipped in the order of their age
 */
public record CountedLeases(List<Lease> counted, List<Skipped> skipped) {
    /**
     * A lease that does not count.
     *
     * @param reason one line, with the value and what was wanted
     * @param takesSubnet whether its subnet cannot be claimed all the same: it lies on the grid, and has the name that
     *     a claim would have
     */
    public record Skipped(Lease lease, String reason, boolean takesSubnet) {}

    /** Of two leases that overlap the older stays; ties go by subnet. */
    private static final Comparator<Lease> BY_AGE =
            Comparator.comparing(Lease::createTime).thenComparing(Lease::subnet);

    public CountedLeases {
        counted = List.copyOf(counted);
        skipped = List.copyOf(skipped);
    }

    /** Sorts the leases out. */
    public static CountedLeases of(Network network, List<Lease> leases) {
        var counted = new ArrayList<Lease>();
        var skipped = new ArrayList<Skipped>();
        var older = new OlderSubnets(network.subnetSource());
        for (Lease lease : leases.stream().sorted(BY_AGE).toList()) {
            Subnet subnet = lease.subnet();
            Optional<String> misplaced = problemWithPlace(network, subnet, older);
            Optional<String> problem = misplaced.isPresent() ? misplaced : problemWith(network, lease);
            if (problem.isPresent()) {
                skipped.add(new Skipped(lease, problem.get(), misplaced.isEmpty()));
            } else {
                counted.add(lease);
                older.add(subnet);
            }
        }
        return new CountedLeases(counted, skipped);
    }

    /** The subnets that nobody can claim. Nonsense takes none: whoever may write it could take all. */
    public List<Subnet> taken() {
        return Stream.concat(
                        counted.stream(),
                        skipped.stream().filter(Skipped::takesSubnet).map(Skipped::lease))
                .map(Lease::subnet)
                .toList();
    }

    /** The subnets of the leases that are counted already. On one grid two overlap only where they are the same. */
    private record OlderSubnets(SubnetSource source, Set<Subnet> onGrid, SubnetIndex anywhere) {
        OlderSubnets(SubnetSource source) {
            this(source, new HashSet<>(), new SubnetIndex());
        }

        void add(Subnet subnet) {
            switch (source) {
                case POOL -> onGrid.add(subnet);
                case NODE_POD_CIDR -> anywhere.add(subnet);
            }
        }

        /** What is wrong with a subnet beside these, or empty. */
        Optional<String> problemWith(Subnet subnet) {
            Optional<Subnet> rival = switch (source) {
                case POOL -> onGrid.contains(subnet) ? Optional.of(subnet) : Optional.empty();
                case NODE_POD_CIDR -> anywhere.overlapping(subnet).stream().min(Comparator.naturalOrder());
            };
            return rival.map(other -> "subnet %s overlaps the older lease of %s".formatted(subnet, other));
        }
    }

    private static Optional<String> problemWithPlace(Network network, Subnet subnet, OlderSubnets older) {
        Optional<String> misplacement = problemWithPlace(network, subnet);
        return misplacement.isPresent() ? misplacement : older.problemWith(subnet);
    }

    private static Optional<String> problemWith(Network network, Lease lease) {
        if (!lease.network().equals(network.name())) {
            return Optional.of("network %s is wrong: want %s".formatted(lease.network(), network.name()));
        }
        if (!DnsSubdomain.matches(lease.node(), DnsSubdomain.MAX_LENGTH)) {
            return Optional.of("nodeName is wrong: want a DNS subdomain");
        }
        boolean otherBackend =
                !lease.backendType().isEmpty() && !lease.backendType().equals(network.backendType());
        return otherBackend
                ? Optional.of("backendType is wrong: want " + network.backendType())
                : BackendData.problemWith(lease.backendData());
    }

    /** Why a subnet counts for no node of the network, or empty. */
    public static Optional<String> problemWithPlace(Network network, Subnet subnet) {
        if ((subnet.ipv4() == null) != (network.ipv4() == null)
                || (subnet.ipv6() == null) != (network.ipv6() == null)) {
            return Optional.of("subnet %s is wrong: want the families of the network".formatted(subnet));
        }
        return switch (network.subnetSource()) {
            case POOL -> offGrid(network, subnet);
            case NODE_POD_CIDR ->
                contains(network.ipv4(), subnet.ipv4()) && contains(network.ipv6(), subnet.ipv6())
                        ? Optional.empty()
                        : Optional.of("subnet %s is outside of the network".formatted(subnet));
        };
    }

    private static Optional<String> offGrid(Network network, Subnet subnet) {
        Optional<BigInteger> ipv4 = number(network.ipv4(), subnet.ipv4());
        Optional<BigInteger> ipv6 = number(network.ipv6(), subnet.ipv6());
        if ((network.ipv4() != null && ipv4.isEmpty()) || (network.ipv6() != null && ipv6.isEmpty())) {
            return Optional.of("subnet %s does not lie on the network's grid".formatted(subnet));
        }
        return ipv4.isPresent() && ipv6.isPresent() && !ipv4.equals(ipv6)
                ? Optional.of("subnet %s pairs number %d with number %d: want one number"
                        .formatted(subnet, ipv4.get(), ipv6.get()))
                : Optional.empty();
    }

    private static Optional<BigInteger> number(@Nullable SubnetPool pool, @Nullable Cidr subnet) {
        return pool == null || subnet == null ? Optional.empty() : pool.numberOf(subnet);
    }

    private static boolean contains(@Nullable SubnetPool pool, @Nullable Cidr subnet) {
        return pool == null || subnet == null || pool.network().contains(subnet);
    }
}

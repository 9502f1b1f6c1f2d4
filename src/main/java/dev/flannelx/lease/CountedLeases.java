package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetPool;
import dev.flannelx.network.SubnetSource;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a network that count, and those that do not, with the reason: whoever may write leases may write
 * nonsense, which must harm nobody else.
 *
 * @param counted in the order of their age; no two overlap
 */
public record CountedLeases(List<Lease> counted, List<Skipped> skipped) {
    /** A lease that does not count. */
    public record Skipped(Lease lease, String reason) {}

    /** Of two leases that overlap the older stays; ties go by subnet. */
    private static final Comparator<Lease> BY_AGE =
            Comparator.comparing(Lease::createTime).thenComparing(Lease::subnet);

    /** An RFC 1123 subdomain, as Kubernetes demands of a Node's name. */
    private static final Pattern NODE_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private static final int NODE_NAME_LENGTH = 253;

    public CountedLeases {
        counted = List.copyOf(counted);
        skipped = List.copyOf(skipped);
    }

    /** Sorts the leases out. */
    public static CountedLeases of(Network network, List<Lease> leases) {
        var counted = new ArrayList<Lease>();
        var skipped = new ArrayList<Skipped>();
        var index = new SubnetIndex();
        for (Lease lease : leases.stream().sorted(BY_AGE).toList()) {
            Optional<String> problem = problemWith(network, lease)
                    .or(() -> index.overlapping(lease.subnet()).stream()
                            .sorted()
                            .findFirst()
                            .map(older -> "overlaps the older lease of " + older));
            if (problem.isPresent()) {
                skipped.add(new Skipped(lease, problem.get()));
            } else {
                counted.add(lease);
                index.add(lease.subnet());
            }
        }
        return new CountedLeases(counted, skipped);
    }

    private static Optional<String> problemWith(Network network, Lease lease) {
        Subnet subnet = lease.subnet();
        if (!lease.network().equals(network.name())) {
            return Optional.of("is of network " + lease.network() + ": want " + network.name());
        }
        if (lease.node().length() > NODE_NAME_LENGTH
                || !NODE_NAME.matcher(lease.node()).matches()) {
            return Optional.of("nodeName is not a DNS subdomain");
        }
        if ((subnet.ipv4() == null) != (network.ipv4() == null)
                || (subnet.ipv6() == null) != (network.ipv6() == null)) {
            return Optional.of("subnet " + subnet + " has other families than the network");
        }
        Optional<String> grid =
                network.subnetSource() == SubnetSource.POOL ? gridProblem(network, subnet) : Optional.empty();
        return grid.or(() -> BackendData.problemWith(lease.backendData()));
    }

    private static Optional<String> gridProblem(Network network, Subnet subnet) {
        Optional<BigInteger> ipv4 = number(network.ipv4(), subnet.ipv4());
        Optional<BigInteger> ipv6 = number(network.ipv6(), subnet.ipv6());
        if ((network.ipv4() != null && ipv4.isEmpty()) || (network.ipv6() != null && ipv6.isEmpty())) {
            return Optional.of("subnet " + subnet + " does not lie on the network's grid");
        }
        return ipv4.isPresent() && ipv6.isPresent() && !ipv4.equals(ipv6)
                ? Optional.of("subnet " + subnet + " pairs number " + ipv4.get() + " with number " + ipv6.get())
                : Optional.empty();
    }

    private static Optional<BigInteger> number(@Nullable SubnetPool pool, @Nullable Cidr subnet) {
        return pool == null || subnet == null ? Optional.empty() : pool.numberOf(subnet);
    }
}

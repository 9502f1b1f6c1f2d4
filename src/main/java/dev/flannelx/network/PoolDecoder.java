package dev.flannelx.network;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One family's grid of subnets, by flannel's rules
 * (https://github.com/flannel-io/flannel/blob/master/pkg/subnet/config.go, {@code CheckNetworkConfig}).
 *
 * @param longest prefix length of a subnet, so that it has room for a node's end and a pod
 * @param usual prefix length of a subnet where the network is large enough
 */
record PoolDecoder(Family family, String network, String prefix, int longest, int usual) {
    static final PoolDecoder IPV4 = new PoolDecoder(Family.IPV4, "network", "subnet", 30, 24);
    static final PoolDecoder IPV6 = new PoolDecoder(Family.IPV6, "ipv6Network", "ipv6Subnet", 126, 64);

    /** A network holds at least four subnets: the first is not used, and two would leave one node. */
    private static final int BITS_FOR_SUBNETS = 2;

    /** The family's pool; null where the network has none, or where it is wrong, which the reader then knows. */
    @Nullable
    SubnetPool decode(SpecReader spec, SubnetSource source) {
        Cidr cidr = spec.cidr(network, family);
        return switch (source) {
            case NODE_POD_CIDR -> cidr == null ? null : whole(cidr);
            case POOL -> decode(spec, cidr);
        };
    }

    /** Subnets come from elsewhere: the grid has one, which is the network. */
    private static SubnetPool whole(Cidr cidr) {
        return new SubnetPool(cidr, cidr.prefixLength(), BigInteger.ZERO, BigInteger.ZERO);
    }

    private @Nullable SubnetPool decode(SpecReader spec, @Nullable Cidr cidr) {
        int problems = spec.problemCount();
        Integer length = spec.number(prefix + "Len");
        Address min = spec.address(prefix + "Min", family);
        Address max = spec.address(prefix + "Max", family);
        if (cidr == null) {
            refuseOrphans(spec);
            return null;
        }
        refuseOutside(spec, "Min", min, cidr);
        refuseOutside(spec, "Max", max, cidr);
        int shortest = shortest(cidr);
        if (shortest > longest) {
            spec.problem("%s %s is too small: want a prefix of at most /%d"
                    .formatted(spec.name(network), cidr, longest - BITS_FOR_SUBNETS));
        } else if (length != null && (length < shortest || length > longest)) {
            spec.problem("%s %d does not fit %s: want %d to %d"
                    .formatted(spec.name(prefix + "Len"), length, cidr, shortest, longest));
        }
        return spec.problemCount() > problems
                ? null
                : decode(spec, grid(cidr, length == null ? usualLength(cidr) : length), min, max);
    }

    private @Nullable SubnetPool decode(
            SpecReader spec, SubnetPool grid, @Nullable Address min, @Nullable Address max) {
        int problems = spec.problemCount();
        BigInteger first = number(spec, "Min", grid, min, grid.first());
        BigInteger last = number(spec, "Max", grid, max, grid.last());
        if (spec.problemCount() > problems) {
            return null;
        }
        if (first.compareTo(last) > 0) {
            spec.problem("%s %s lies after %s %s: want it before"
                    .formatted(
                            spec.name(prefix + "Min"),
                            grid.subnet(first).address(),
                            spec.name(prefix + "Max"),
                            grid.subnet(last).address()));
            return null;
        }
        return new SubnetPool(grid.network(), grid.subnetLength(), first, last);
    }

    /** The length of a subnet where the spec says nothing. */
    int usualLength(Cidr cidr) {
        return Math.max(usual, shortest(cidr));
    }

    /** The grid with the range that holds where the spec says nothing: all but the first. */
    static SubnetPool grid(Cidr cidr, int subnetLength) {
        BigInteger subnets = BigInteger.ONE.shiftLeft(subnetLength - cidr.prefixLength());
        return new SubnetPool(cidr, subnetLength, BigInteger.ONE, subnets.subtract(BigInteger.ONE));
    }

    private static int shortest(Cidr cidr) {
        return cidr.prefixLength() + BITS_FOR_SUBNETS;
    }

    private void refuseOutside(SpecReader spec, String end, @Nullable Address address, Cidr cidr) {
        if (address != null && !cidr.contains(address)) {
            spec.problem("%s %s is outside: want an address in %s".formatted(spec.name(prefix + end), address, cidr));
        }
    }

    private BigInteger number(
            SpecReader spec, String end, SubnetPool grid, @Nullable Address address, BigInteger otherwise) {
        if (address == null) {
            return otherwise;
        }
        Cidr subnet = new Cidr(address, grid.subnetLength());
        if (!subnet.isAligned()) {
            spec.problem("%s %s is not where a /%d begins: want %s, say"
                    .formatted(
                            spec.name(prefix + end),
                            address,
                            grid.subnetLength(),
                            subnet.masked().address()));
            return otherwise;
        }
        return grid.numberOf(subnet).orElse(otherwise);
    }

    private void refuseOrphans(SpecReader spec) {
        for (String end : List.of("Len", "Min", "Max")) {
            if (spec.has(prefix + end) && !spec.has(network)) {
                spec.problem("%s is set without %s: want both or neither"
                        .formatted(spec.name(prefix + end), spec.name(network)));
            }
        }
    }
}

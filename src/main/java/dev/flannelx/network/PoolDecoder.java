package dev.flannelx.network;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.math.BigInteger;
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
    SubnetPool decode(SpecReader spec) {
        int problems = spec.problemCount();
        Cidr cidr = spec.cidr(network, family);
        if (cidr == null) {
            refuseOrphans(spec);
            return null;
        }
        int shortest = cidr.prefixLength() + BITS_FOR_SUBNETS;
        if (shortest > longest) {
            spec.problem("%s %s is too small: want a prefix of at most /%d"
                    .formatted(spec.name(network), cidr, longest - BITS_FOR_SUBNETS));
            return null;
        }
        Integer length = spec.number(prefix + "Len", 0, family.bits());
        if (length != null && (length < shortest || length > longest)) {
            spec.problem("%s %d does not fit %s: want %d to %d"
                    .formatted(spec.name(prefix + "Len"), length, cidr, shortest, longest));
        }
        if (spec.problemCount() > problems) {
            return null;
        }
        int subnetLength = length == null ? Math.max(usual, shortest) : length;
        BigInteger subnets = BigInteger.ONE.shiftLeft(subnetLength - cidr.prefixLength());
        var grid = new SubnetPool(cidr, subnetLength, BigInteger.ONE, subnets.subtract(BigInteger.ONE));
        BigInteger first = bound(spec, "Min", grid, grid.first());
        BigInteger last = bound(spec, "Max", grid, grid.last());
        if (spec.problemCount() == problems && first.compareTo(last) > 0) {
            spec.problem("%s %s lies after %s %s"
                    .formatted(
                            spec.name(prefix + "Min"),
                            grid.subnet(first).address(),
                            spec.name(prefix + "Max"),
                            grid.subnet(last).address()));
        }
        return spec.problemCount() > problems ? null : new SubnetPool(cidr, subnetLength, first, last);
    }

    private BigInteger bound(SpecReader spec, String end, SubnetPool grid, BigInteger otherwise) {
        String field = prefix + end;
        Address address = spec.address(field, family);
        if (address == null) {
            return otherwise;
        }
        if (!grid.network().contains(address)) {
            spec.problem(
                    "%s %s is outside: want an address in %s".formatted(spec.name(field), address, grid.network()));
            return otherwise;
        }
        Cidr subnet = new Cidr(address, grid.subnetLength());
        if (!subnet.isAligned()) {
            spec.problem("%s %s is not on a subnet boundary: want %s, say"
                    .formatted(spec.name(field), address, subnet.masked().address()));
            return otherwise;
        }
        return grid.numberOf(subnet).orElse(otherwise);
    }

    private void refuseOrphans(SpecReader spec) {
        for (String end : new String[] {"Len", "Min", "Max"}) {
            if (spec.has(prefix + end) && !spec.has(network)) {
                spec.problem("%s is set without %s".formatted(spec.name(prefix + end), spec.name(network)));
            }
        }
    }
}

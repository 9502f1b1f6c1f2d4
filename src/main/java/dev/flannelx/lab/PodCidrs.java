package dev.flannelx.lab;

import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetPool;
import dev.flannelx.network.SubnetSource;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What a controller manager does with {@code --allocate-node-cidrs}: hands a subnet of the network to each node. */
final class PodCidrs {
    /** As many nodes as a lab may have in one scenario, where the network is not much larger. */
    private static final int NUMBER_BITS = 8;

    private PodCidrs() {}

    /**
     * The node's {@code spec.podCIDRs}: as long as the controller manager's defaults, /24 and /64, or longer so that there
     * is one for each node.
     *
     * @return null where the network's subnets come from elsewhere, or are too few for a node of that number
     */
    static @Nullable Subnet of(Network network, int number) {
        if (network.subnetSource() != SubnetSource.NODE_POD_CIDR) {
            return null;
        }
        Cidr ipv4 = network.ipv4Network().orElse(null);
        Cidr ipv6 = network.ipv6Network().orElse(null);
        return isTooFewIn(ipv4, number) || isTooFewIn(ipv6, number)
                ? null
                : new Subnet(ipv4 == null ? null : subnet(ipv4, number), ipv6 == null ? null : subnet(ipv6, number));
    }

    private static boolean isTooFewIn(@Nullable Cidr network, int number) {
        return network != null && number >> (length(network) - network.prefixLength()) != 0;
    }

    private static Cidr subnet(Cidr network, int number) {
        BigInteger which = BigInteger.valueOf(number);
        return new SubnetPool(network, length(network), BigInteger.ZERO, which).subnet(which);
    }

    private static int length(Cidr network) {
        int usual = network.family() == Family.IPV4 ? 24 : 64;
        int longest = network.family().bits() - 2;
        return Math.min(longest, Math.max(usual, network.prefixLength() + NUMBER_BITS));
    }
}

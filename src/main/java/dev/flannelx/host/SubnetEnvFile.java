package dev.flannelx.host;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * subnet.env in flannel's format
 * (https://github.com/flannel-io/flannel/blob/master/pkg/subnet/subnet.go, {@code WriteSubnetFile}), which the CNI plugin
 * and other tools read.
 */
public final class SubnetEnvFile {
    static final String NAME = "subnet.env";
    private static final String MASQUERADE = "FLANNEL_IPMASQ=";

    private SubnetEnvFile() {}

    /** The file's text; {@code FLANNEL_SUBNET} is the first address of the subnet with its prefix length. */
    public static String text(Network network, Subnet subnet, int mtu, boolean masquerade) {
        var text = new StringBuilder();
        family(text, "", network.ipv4Network().orElse(null), subnet.ipv4());
        family(text, "IPV6_", network.ipv6Network().orElse(null), subnet.ipv6());
        text.append("FLANNEL_MTU=").append(mtu).append('\n');
        text.append(MASQUERADE).append(masquerade).append('\n');
        return text.toString();
    }

    /** Whether a text says that the agent masquerades. */
    static boolean masquerades(String text) {
        return text.lines().anyMatch((MASQUERADE + true)::equals);
    }

    private static void family(StringBuilder text, String prefix, @Nullable Cidr network, @Nullable Cidr subnet) {
        if (network != null && subnet != null) {
            text.append("FLANNEL_")
                    .append(prefix)
                    .append("NETWORK=")
                    .append(network)
                    .append('\n');
            text.append("FLANNEL_").append(prefix).append("SUBNET=");
            text.append(new Cidr(subnet.address().plus(BigInteger.ONE), subnet.prefixLength()))
                    .append('\n');
        }
    }
}

package dev.flannelx.host;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets pods reach what does not know their network: packets that leave it get the node's address. The rules are those of
 * {@code flanneld --ip-masq} (https://github.com/flannel-io/flannel/blob/master/pkg/trafficmngr/iptables/iptables.go,
 * {@code masqRules}), in an nftables table per network, {@code flannelx-} and its name.
 *
 * <p>flannel's other rules, which accept forwarded packets, are not here: in nftables no table can accept what another
 * drops.
 */
public final class Masquerading {
    private final List<String> nft;

    /**
     * Masquerading in a network namespace.
     *
     * @param enter the words that make a program run there; none for this process's own
     */
    public Masquerading(List<String> enter) {
        nft = Stream.concat(enter.stream(), Stream.of("nft", "-f", "-")).toList();
    }

    /** Masquerades what leaves the network from here, and nothing that was said of it before. */
    void apply(Network network, Subnet subnet) throws IOException {
        String rules = rules("ip", network.ipv4Network().orElse(null), subnet.ipv4(), "224.0.0.0/4")
                + rules("ip6", network.ipv6Network().orElse(null), subnet.ipv6(), "ff00::/8");
        // 0x4000 is kube-proxy's mark of a packet that it masquerades itself.
        Program.run(nft, """
                add table inet %1$s
                flush table inet %1$s
                table inet %1$s {
                  chain postrouting {
                    type nat hook postrouting priority 100; policy accept;
                    meta mark & 0x4000 == 0x4000 return
                %2$s  }
                }
                """.formatted(table(network), rules));
    }

    /** Between pods, and from outside to this node's pods, nobody's address changes. */
    private static String rules(String family, @Nullable Cidr network, @Nullable Cidr subnet, String multicast) {
        return network == null || subnet == null ? "" : """
                    %1$s saddr %3$s %1$s daddr %2$s return
                    %1$s daddr %3$s return
                    %1$s saddr %2$s %1$s daddr != %4$s masquerade fully-random
                    %1$s saddr != %2$s %1$s daddr %2$s masquerade fully-random
                """.formatted(family, network, subnet, multicast);
    }

    /** Masquerades nothing of the network any more. */
    void remove(Network network) throws IOException {
        Program.run(nft, "add table inet %1$s\ndelete table inet %1$s\n".formatted(table(network)));
    }

    private static String table(Network network) {
        return "flannelx-" + network.name();
    }
}

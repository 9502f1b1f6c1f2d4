package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With real packets: a node, a pod on it, and a machine at the other end of the node's wire, which answers to one sender
 * only.
 */
class MasqueradingIT {
    private static final Network NETWORK = Specs.network("network: 10.50.0.0/16\nipv6Network: fd00:50::/48");
    private static final Subnet SUBNET = Leases.subnet("10.50.7.0/24,fd00:50:0:7::/64");

    private TestNamespace node;
    private Masquerading masquerading;

    @BeforeEach
    void make() throws IOException {
        node = TestNamespace.with("""
                echo 1 > /proc/sys/net/ipv4/ip_forward
                echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
                ip netns add pod
                ip netns add far
                ip link add eth0 type veth peer name eth0 netns far
                ip link add pod0 type veth peer name eth0 netns pod
                ip -batch - <<END
                address add 192.0.2.7/24 dev eth0
                address add 2001:db8::7/64 dev eth0 nodad
                address add 10.50.7.1/24 dev pod0
                address add fd00:50:0:7::1/64 dev pod0 nodad
                link set eth0 up
                link set pod0 up
                route add 10.50.9.0/24 via 192.0.2.9
                route add fd00:50:0:9::/64 via 2001:db8::9
                END
                ip -n pod -batch - <<END
                link set lo up
                address add 10.50.7.2/24 dev eth0
                address add fd00:50:0:7::2/64 dev eth0 nodad
                link set eth0 up
                route add default via 10.50.7.1
                route add default via fd00:50:0:7::1
                END
                ip -n far -batch - <<END
                link set lo up
                address add 192.0.2.9/24 dev eth0
                address add 2001:db8::9/64 dev eth0 nodad
                address add 10.50.9.2/32 dev lo
                address add fd00:50:0:9::2/128 dev lo
                link set eth0 up
                route add 10.50.7.0/24 via 192.0.2.7
                route add fd00:50:0:7::/64 via 2001:db8::7
                END
                """);
        masquerading = new Masquerading(node.enter());
    }

    @AfterEach
    void remove() {
        node.close();
    }

    /** Whether a ping arrives from this sender. */
    private boolean arrives(String from, String to, String sender) throws IOException {
        String family = to.contains(":") ? "ip6" : "ip";
        String echo = to.contains(":") ? "icmpv6 type echo-request" : "icmp type echo-request";
        node.run("""
                ip netns exec far nft -f - <<END
                flush ruleset
                table inet filter {
                  chain input {
                    type filter hook input priority 0;
                    %s saddr != %s %s reject
                  }
                }
                END
                """.formatted(family, sender, echo));
        return node.run("%s ping -c 1 -W 5 %s >/dev/null && echo yes || echo no"
                        .formatted(from.equals("pod") ? "ip netns exec pod" : "", to))
                .strip()
                .equals("yes");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9, 192.0.2.7", "2001:db8::9, 2001:db8::7"})
    void whatLeavesTheNetworkHasTheNodesAddress(String far, String sender) throws IOException {
        assertThat(arrives("pod", far, sender)).isFalse();
        masquerading.apply(NETWORK, SUBNET);
        assertThat(arrives("pod", far, sender)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10.50.9.2, 10.50.7.2", "fd00:50:0:9::2, fd00:50:0:7::2"})
    void podsKnowEachOtherByTheirOwnAddresses(String far, String sender) throws IOException {
        masquerading.apply(NETWORK, SUBNET);
        assertThat(arrives("pod", far, sender)).isTrue();
    }

    @Test
    void appliedAgainItIsTheSameAndForAnotherSubnetNothingOfTheFormerIsLeft() throws IOException {
        masquerading.apply(NETWORK, SUBNET);
        String once = node.run("nft list ruleset");
        masquerading.apply(NETWORK, SUBNET);
        assertThat(node.run("nft list ruleset")).isEqualTo(once).contains("10.50.7.0/24", "table inet flannelx-demo");
        masquerading.apply(NETWORK, Leases.subnet("10.50.8.0/24,fd00:50:0:8::/64"));
        assertThat(node.run("nft list ruleset")).contains("10.50.8.0/24").doesNotContain("10.50.7.0/24", ":7::");
    }

    @Test
    void healsWhatSomebodyTookAway() throws IOException {
        masquerading.apply(NETWORK, SUBNET);
        String once = node.run("nft list ruleset");
        node.run("nft flush chain inet flannelx-demo postrouting");
        masquerading.apply(NETWORK, SUBNET);
        assertThat(node.run("nft list ruleset")).isEqualTo(once);
    }

    @Test
    void leavesMulticastAndWhatKubeProxyMarkedAlone() throws IOException {
        masquerading.apply(NETWORK, SUBNET);
        assertThat(node.run("nft list ruleset"))
                .containsSubsequence(
                        "meta mark & 0x00004000 == 0x00004000 return",
                        "ip saddr 10.50.0.0/16 ip daddr != 224.0.0.0/4 masquerade",
                        "ip6 saddr fd00:50::/48 ip6 daddr != ff00::/8 masquerade");
    }

    @Test
    void aNetworkOfOneFamilyHasRulesOfThatFamily() throws IOException {
        masquerading.apply(Specs.network("network: 10.50.0.0/16"), Leases.subnet("10.50.7.0/24"));
        assertThat(node.run("nft list ruleset")).contains("ip saddr").doesNotContain("ip6");
    }

    @Test
    void removesItsOwnAndNothingElseAndMayDoSoAgain() throws IOException {
        node.run("nft add table inet firewall");
        String before = node.run("nft list ruleset");
        masquerading.apply(NETWORK, SUBNET);
        masquerading.remove(NETWORK);
        masquerading.remove(NETWORK);
        assertThat(node.run("nft list ruleset")).isEqualTo(before);
    }

    @Test
    void saysWhatTheKernelSays() {
        var elsewhere = new Masquerading(List.of("unshare", "-U"));
        assertThatThrownBy(() -> elsewhere.apply(NETWORK, SUBNET))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nft -f -: ")
                .hasMessageContaining("not permitted");
    }
}

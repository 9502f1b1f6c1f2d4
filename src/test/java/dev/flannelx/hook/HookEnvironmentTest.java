package dev.flannelx.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.ip.Address;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HookEnvironmentTest {
    private static final Network DUAL = Specs.network("""
            network: 10.50.0.0/16
            ipv6Network: "fd00:50::/48"
            """);
    private static final Network IPV6_ONLY = Specs.network("ipv6Network: \"fd00:50::/48\"");

    private static final Local SELF =
            new Local("node1", address("192.0.2.1", "2001:db8::1"), Leases.subnet("10.50.1.0/24,fd00:50:0:1::/64"));
    private static final Peer PEER = new Peer(
            Leases.subnet("10.50.2.0/24,fd00:50:0:2::/64"), address("192.0.2.2", "2001:db8::2"), "node2", "a\nb");

    private static PublicAddress address(String ipv4, String ipv6) {
        return new PublicAddress(
                Address.parse(ipv4).orElseThrow(), Address.parse(ipv6).orElseThrow());
    }

    private static Map<String, String> expected(String... values) {
        List<String> names = List.of(
                "NETWORK",
                "IPV6NETWORK",
                "SUBNET",
                "IPV6SUBNET",
                "PUBLIC_IP",
                "PUBLIC_IPV6",
                "NODE",
                "LOCAL_SUBNET",
                "LOCAL_PUBLIC_IP",
                "LOCAL_NODE");
        var expected = new LinkedHashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            expected.put(names.get(i), values[i]);
        }
        return expected;
    }

    @ParameterizedTest
    @EnumSource(names = {"POST_STARTUP", "STARTUP_CHECK", "SHUTDOWN"})
    void tellsTheNodesOwnHooksOfTheNode(Hook hook) {
        var invocation = new HookInvocation.ForNode(hook, "command", SELF);
        assertThat(HookEnvironment.variables(DUAL, invocation))
                .isEqualTo(expected(
                        "10.50.0.0/16",
                        "fd00:50::/48",
                        "10.50.1.0/24",
                        "fd00:50:0:1::/64",
                        "192.0.2.1",
                        "2001:db8::1",
                        "node1",
                        "10.50.1.0/24",
                        "192.0.2.1",
                        "node1"));
        assertThat(HookEnvironment.stdin(invocation)).isEqualTo("\n");
    }

    @Test
    void tellsPreStartupOfNoSubnetEvenWhereTheNodeHadOne() {
        var invocation = new HookInvocation.ForNode(Hook.PRE_STARTUP, "command", SELF);
        assertThat(HookEnvironment.variables(DUAL, invocation))
                .isEqualTo(expected(
                        "10.50.0.0/16",
                        "fd00:50::/48",
                        "",
                        "",
                        "192.0.2.1",
                        "2001:db8::1",
                        "node1",
                        "",
                        "192.0.2.1",
                        "node1"));
        assertThat(HookEnvironment.stdin(invocation)).isEqualTo("\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBNET_ADD", "SUBNET_REMOVE", "SUBNET_CHECK"})
    void tellsThePeersHooksOfThePeerAndGivesThemItsData(Hook hook) {
        var invocation = new HookInvocation.ForPeer(hook, "command", SELF, PEER);
        assertThat(HookEnvironment.variables(DUAL, invocation))
                .isEqualTo(expected(
                        "10.50.0.0/16",
                        "fd00:50::/48",
                        "10.50.2.0/24",
                        "fd00:50:0:2::/64",
                        "192.0.2.2",
                        "2001:db8::2",
                        "node2",
                        "10.50.1.0/24",
                        "192.0.2.1",
                        "node1"));
        assertThat(HookEnvironment.stdin(invocation)).isEqualTo("a\nb\n");
    }

    @Test
    void tellsABatchOfNoPeerButByItsLines() {
        var invocation = new HookInvocation.ForBatch(
                "command",
                SELF,
                List.of(new BatchLine(BatchLine.Operation.REMOVE, PEER), new BatchLine(BatchLine.Operation.ADD, PEER)));
        assertThat(HookEnvironment.variables(DUAL, invocation))
                .isEqualTo(expected(
                        "10.50.0.0/16", "fd00:50::/48", "", "", "", "", "", "10.50.1.0/24", "192.0.2.1", "node1"));
        String fields = "\t10.50.2.0/24\tfd00:50:0:2::/64\t192.0.2.2\t2001:db8::2\tnode2\tYQpi\n";
        assertThat(HookEnvironment.stdin(invocation)).isEqualTo("remove" + fields + "add" + fields);
    }

    @Test
    void leavesEmptyWhatIsNotKnown() {
        Subnet subnet = Leases.subnet("fd00:50:0:2::/64");
        var address = new PublicAddress(null, Address.parse("2001:db8::2").orElseThrow());
        var local = new Local("node1", new PublicAddress(null, null), Leases.subnet("fd00:50:0:1::/64"));
        var peer = new Peer(subnet, address, "node2", "");
        assertThat(HookEnvironment.variables(
                        IPV6_ONLY, new HookInvocation.ForPeer(Hook.SUBNET_ADD, "command", local, peer)))
                .isEqualTo(expected(
                        "", "fd00:50::/48", "", "fd00:50:0:2::/64", "", "2001:db8::2", "node2", "", "", "node1"));
        assertThat(new BatchLine(BatchLine.Operation.ADD, peer).text())
                .isEqualTo("add\t-\tfd00:50:0:2::/64\t-\t2001:db8::2\tnode2\t-");
    }
}

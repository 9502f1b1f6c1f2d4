package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.ip.Address;
import dev.flannelx.lease.PublicAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real interfaces and routes, in a namespace of its own. */
class InterfaceFinderIT {
    private static final String TWO_INTERFACES = """
            ip link add eth0 type veth peer name far0
            ip link add eth1 type veth peer name far1
            ip link set eth0 mtu 1400 up
            ip link set eth1 mtu 1300 up
            ip link set far0 up
            ip link set far1 up
            ip address add 192.0.2.7/24 dev eth0
            ip address add 198.51.100.7/24 dev eth1
            ip address add 2001:db8::7/64 dev eth0 nodad
            ip address add 2001:db8:1::7/64 dev eth1 nodad
            """;

    private TestNamespace namespace;
    private InterfaceFinder finder;

    @BeforeEach
    void make() throws IOException {
        namespace = TestNamespace.with(TWO_INTERFACES);
        finder = new InterfaceFinder(namespace.enter());
    }

    @AfterEach
    void remove() {
        namespace.close();
    }

    private static PublicAddress addresses(@Nullable String ipv4, @Nullable String ipv6) {
        return new PublicAddress(parsed(ipv4), parsed(ipv6));
    }

    private static @Nullable Address parsed(@Nullable String text) {
        return text == null ? null : Address.parse(text).orElseThrow();
    }

    private PublicAddress found() throws IOException {
        return finder.publicAddress(PublicAddress.NONE);
    }

    @Test
    void takesTheAddressOfTheDefaultRoutesInterfaceForEachFamily() throws IOException {
        namespace.run("ip route add default via 192.0.2.254; ip -6 route add default via fe80::1 dev eth1");
        assertThat(found()).isEqualTo(addresses("192.0.2.7", "2001:db8:1::7"));
    }

    @Test
    void isContentWithOneFamily() throws IOException {
        namespace.run("ip -6 route add default via fe80::1 dev eth0");
        assertThat(found()).isEqualTo(addresses(null, "2001:db8::7"));
    }

    @Test
    void ofSeveralDefaultRoutesFollowsTheLowestMetric() throws IOException {
        namespace.run("""
                ip route add default via 198.51.100.254 metric 100
                ip route add default via 192.0.2.254 metric 50
                ip route add default via 198.51.100.253 metric 200
                ip -6 route add default via fe80::1 dev eth0 metric 2000
                ip -6 route add default via fe80::1 dev eth1 metric 1000
                """);
        assertThat(found()).isEqualTo(addresses("192.0.2.7", "2001:db8:1::7"));
    }

    @Test
    void ofSeveralNextHopsFollowsTheFirst() throws IOException {
        namespace.run("ip route add default nexthop via 198.51.100.254 nexthop via 192.0.2.254");
        assertThat(found()).isEqualTo(addresses("198.51.100.7", null));
    }

    @Test
    void passesOverRoutesThatLeadNowhere() throws IOException {
        namespace.run("""
                ip route add unreachable default metric 1
                ip -6 route add unreachable default metric 1
                ip route add default dev eth1 metric 9
                """);
        assertThat(found()).isEqualTo(addresses("198.51.100.7", null));
    }

    @Test
    void takesTheSourceThatTheRouteNames() throws IOException {
        namespace.run("""
                ip address add 192.0.2.8/24 dev eth0
                ip route add default via 192.0.2.254 src 192.0.2.8
                """);
        assertThat(found()).isEqualTo(addresses("192.0.2.8", null));
    }

    @Test
    void ofSeveralIpv4AddressesTakesTheOneOnTheGatewaysSubnetElseTheFirst() throws IOException {
        namespace.run("""
                ip address add 203.0.113.7/24 dev eth0
                ip address add 192.0.2.8/24 dev eth0
                ip address add 203.0.113.99/32 dev eth0
                ip route add default via 203.0.113.254
                """);
        assertThat(found()).isEqualTo(addresses("203.0.113.7", null));
        namespace.run("ip route replace default dev eth0");
        assertThat(found()).isEqualTo(addresses("192.0.2.7", null));
    }

    @Test
    void takesNoIpv6AddressThatIsLocalGoingOrUntried() throws IOException {
        namespace.run("""
                ip address flush dev eth0
                ip address add fe80::7/64 dev eth0 nodad
                ip address add 2001:db8::3/64 dev eth0 nodad preferred_lft 0
                ip address add 2001:db8::9/64 dev eth0 nodad
                ip address add 2001:db8::8/64 dev eth0 nodad
                ip -6 route add default via fe80::1 dev eth0
                """);
        assertThat(found()).isEqualTo(addresses(null, "2001:db8::8"));
    }

    @Test
    void saysThatThereIsNoDefaultRoute() {
        assertThatThrownBy(this::found)
                .isInstanceOf(IOException.class)
                .hasMessage("no address of this node: there is no default route:"
                        + " want one, or --public-ip or --public-ipv6");
    }

    @Test
    void saysThatTheDefaultRoutesInterfaceHasNoAddress() throws IOException {
        namespace.run("ip address flush dev eth1; ip route add default dev eth1");
        assertThatThrownBy(this::found)
                .hasMessage("no address of this node: interface eth1 of the default route has no global address:"
                        + " want one, or --public-ip or --public-ipv6");
    }

    @Test
    void saysThatThereIsNoProgramToAsk() {
        assertThatThrownBy(() -> new InterfaceFinder(List.of("no-such-program")).publicAddress(PublicAddress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void leavesWhatAPersonChoseAndFindsTheOther() throws IOException {
        namespace.run("ip route add default via 192.0.2.254; ip -6 route add default via fe80::1 dev eth1");
        assertThat(finder.publicAddress(addresses("203.0.113.1", null)))
                .isEqualTo(addresses("203.0.113.1", "2001:db8:1::7"));
        assertThat(finder.publicAddress(addresses(null, "2001:db8:9::1")))
                .isEqualTo(addresses("192.0.2.7", "2001:db8:9::1"));
    }

    @Test
    void needsNoDefaultRouteWhereAPersonChose() throws IOException {
        assertThat(finder.publicAddress(addresses("203.0.113.1", null))).isEqualTo(addresses("203.0.113.1", null));
    }

    @Test
    void theMtuIsThatOfTheInterfaceThatHasTheAddress() throws IOException {
        namespace.run("ip route add default via 192.0.2.254");
        assertThat(finder.mtu(addresses("192.0.2.7", null))).isEqualTo(1400);
        assertThat(finder.mtu(addresses(null, "2001:db8:1::7"))).isEqualTo(1300);
    }

    @Test
    void ofTwoInterfacesTheSmallerMtuCounts() throws IOException {
        assertThat(finder.mtu(addresses("192.0.2.7", "2001:db8:1::7"))).isEqualTo(1300);
    }

    @Test
    void behindAddressTranslationTheDefaultRouteSaysTheMtu() throws IOException {
        namespace.run("ip route add default via 198.51.100.254");
        assertThat(finder.mtu(addresses("203.0.113.1", null))).isEqualTo(1300);
    }

    @Test
    void saysThatThereIsNoMtu() {
        assertThatThrownBy(() -> finder.mtu(addresses("203.0.113.1", null)))
                .isInstanceOf(IOException.class)
                .hasMessage("no MTU for the network: no interface has 203.0.113.1, and there is no default route:"
                        + " want backend.mtu");
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node that had a subnet claims, where that is not free. */
class LeaseClaimTest {
    private final FakeLeaseStore store = new FakeLeaseStore();
    private final LeaseClaim claim = new LeaseClaim(store, new ReconcileObserver() {});
    private final Network network = Specs.whole("""
            network: 10.50.0.0/16
            backend: {type: extension, subnetAddCommand: add}
            """);

    @Test
    void oneThatMayMoveTakesAnotherWhereAnotherNodeHasItsSubnet() throws IOException {
        Lease lost = Leases.lease("thief", "10.50.7.0/24", "192.0.2.7");
        store.change(truth -> truth.put(lost.subnet(), lost));

        assertThat(claim(lost, true))
                .isInstanceOfSatisfying(
                        ClaimResult.Held.class,
                        held -> assertThat(held.lease().subnet()).isNotEqualTo(lost.subnet()));
    }

    @Test
    void oneThatMayNotMoveSaysWhoHasItsSubnet() throws IOException {
        Lease lost = Leases.lease("thief", "10.50.7.0/24", "192.0.2.7");
        store.change(truth -> truth.put(lost.subnet(), lost));

        assertThat(claim(lost, false)).isEqualTo(new ClaimResult.Lost(lost.subnet(), "thief"));
    }

    @Test
    void theLeaseOfAnEarlierNodeOfItsNameIsWaitedForAndNotMovedAwayFrom() throws IOException {
        Lease former = Leases.lease("self", "10.50.7.0/24", "192.0.2.7");
        store.change(truth -> truth.put(former.subnet(), former));

        assertThatThrownBy(() -> claim(former, true))
                .isInstanceOf(IOException.class)
                .hasMessage("the lease of 10.50.7.0/24 is still that of an earlier Node self");
        assertThat(store.truth.values()).containsExactly(former);

        store.change(truth -> truth.remove(former.subnet()));
        assertThat(claim(former, true))
                .isInstanceOfSatisfying(
                        ClaimResult.Held.class,
                        held -> assertThat(held.lease().subnet()).isEqualTo(former.subnet()));
    }

    /** What the network does not have, or has elsewhere, nobody would count, and no node would have a peer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.50.7.0/24           |               | 10.50.0.0/16 |           | 10.50.7.0/24",
                "10.50.7.0/24           | fd00:0:0:7::/64 | 10.50.0.0/16 |           | 10.50.7.0/24",
                "10.50.7.0/24           | fd00:0:0:7::/64 |              | fd00::/48 | fd00:0:0:7::/64",
                "10.50.7.0/24           | fd00:0:0:7::/64 | 10.50.0.0/16 | fd00::/48 | 10.50.7.0/24,fd00:0:0:7::/64",
            })
    void aNodeClaimsOfItsPodCidrsWhatTheNetworkHas(
            String podIpv4, @Nullable String podIpv6, @Nullable String ipv4, @Nullable String ipv6, String claimed)
            throws IOException {
        Network spec = podCidrs(ipv4, ipv6);
        assertThat(claim(spec, podSubnet(podIpv4, podIpv6)))
                .isInstanceOfSatisfying(
                        ClaimResult.Held.class,
                        held -> assertThat(held.lease().subnet()).hasToString(claimed));
        assertThat(CountedLeases.of(spec, List.copyOf(store.truth.values())).counted())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.50.7.0/24 |                 | 10.50.0.0/16 | fd00::/48 | Node self has spec.podCIDRs 10.50.7.0/24: want one per family of network demo",
                "10.51.7.0/24 |                 | 10.50.0.0/16 |           | Node self has spec.podCIDRs 10.51.7.0/24: subnet 10.51.7.0/24 is outside of the network",
                "10.50.7.0/24 | fd01:0:0:7::/64 | 10.50.0.0/16 | fd00::/48 | Node self has spec.podCIDRs 10.50.7.0/24,fd01:0:0:7::/64: subnet 10.50.7.0/24,fd01:0:0:7::/64 is outside of the network",
            })
    void aNodeClaimsNoPodCidrsThatNobodyWouldCount(
            String podIpv4, @Nullable String podIpv6, String ipv4, @Nullable String ipv6, String message)
            throws IOException {
        assertThat(claim(podCidrs(ipv4, ipv6), podSubnet(podIpv4, podIpv6)))
                .isEqualTo(new ClaimResult.Refused(message));
        assertThat(store.truth).isEmpty();
    }

    private static Network podCidrs(@Nullable String ipv4, @Nullable String ipv6) {
        return Specs.network((ipv4 == null ? "" : "network: " + ipv4 + "\n")
                + (ipv6 == null ? "" : "ipv6Network: '" + ipv6 + "'\n")
                + "subnetSource: NodePodCIDR");
    }

    private static Subnet podSubnet(@Nullable String ipv4, @Nullable String ipv6) {
        return new Subnet(cidr(ipv4), cidr(ipv6));
    }

    private static @Nullable Cidr cidr(@Nullable String text) {
        return text == null ? null : Cidr.parse(text).orElseThrow();
    }

    private ClaimResult claim(Network spec, Subnet podSubnet) throws IOException {
        store.observe();
        Self self = new Self("self", "uid-of-now", Simulation.address(7), podSubnet);
        return claim.claim(new ClaimRequest(spec, self, "", null, false), Instant.EPOCH);
    }

    private ClaimResult claim(Lease previous, boolean mayMove) throws IOException {
        Self self = new Self("self", "uid-of-now", previous.publicAddress(), null);
        return claim.claim(new ClaimRequest(network, self, "", previous.subnet(), mayMove), Instant.EPOCH);
    }
}

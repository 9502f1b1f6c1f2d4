package dev.flannelx.lease;

import static dev.flannelx.lease.Leases.inNetwork;
import static dev.flannelx.lease.Leases.lease;
import static dev.flannelx.lease.Leases.reservation;
import static dev.flannelx.lease.Leases.subnet;
import static dev.flannelx.lease.Leases.withData;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.CountedLeases.Skipped;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountedLeasesTest {
    private static final Network DEMO = Specs.network("network: 10.50.0.0/16");
    private static final Network DUAL = Specs.network("network: 10.50.0.0/16\nipv6Network: fd00:50::/48");
    private static final Network POD_CIDRS = Specs.network("network: 10.50.0.0/16\nsubnetSource: NodePodCIDR");

    @Test
    void countsLeasesOnTheGridByTheirAge() {
        Lease older = lease("a", "10.50.9.0/24", 0);
        Lease newer = lease("b", "10.50.7.0/24", 1);
        assertThat(CountedLeases.of(DEMO, List.of(newer, older)).counted()).containsExactly(older, newer);
    }

    @Test
    void countsAReservationThatNobodyTookYet() {
        assertThat(skipped(DEMO, reservation("a", "10.50.9.0/24", 0))).isEmpty();
    }

    @Test
    void countsTheFirstSubnetAndWhatLiesOutsideOfMinimumAndMaximum() {
        Network moved = Specs.network("network: 10.50.0.0/16\nsubnetMin: 10.50.100.0");
        assertThat(skipped(moved, lease("a", "10.50.0.0/24", 0), lease("b", "10.50.9.0/24", 0)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.50.7.0/25 | subnet 10.50.7.0/25 does not lie on the network's grid",
                "10.50.0.0/16 | subnet 10.50.0.0/16 does not lie on the network's grid",
                "10.51.7.0/24 | subnet 10.51.7.0/24 does not lie on the network's grid",
                "0.0.0.0/0 | subnet 0.0.0.0/0 does not lie on the network's grid",
                "fd00::/64 | subnet fd00::/64 is wrong: want the families of the network",
                "10.50.7.0/24,fd00::/64 | subnet 10.50.7.0/24,fd00::/64 is wrong: want the families of the network",
            })
    void skipsWhatIsNotOnTheGrid(String subnet, String reason) {
        Lease nonsense = lease("a", subnet, 0);
        assertThat(skipped(DEMO, nonsense)).containsExactly(new Skipped(nonsense, reason, false));
    }

    @Test
    void skipsAMismatchedPair() {
        Lease good = lease("a", "10.50.7.0/24,fd00:50:0:7::/64", 0);
        Lease bad = lease("b", "10.50.8.0/24,fd00:50:0:9::/64", 0);
        assertThat(skipped(DUAL, good, bad))
                .containsExactly(new Skipped(
                        bad,
                        "subnet 10.50.8.0/24,fd00:50:0:9::/64 pairs number 8 with number 9: want one number",
                        false));
    }

    @Test
    void skipsTheNewerOfTwoThatOverlap() {
        Lease older = lease("b", "10.50.7.0/24", 0);
        Lease newer = lease("a", "10.50.7.0/24", 1);
        assertThat(skipped(DEMO, newer, older))
                .containsExactly(
                        new Skipped(newer, "subnet 10.50.7.0/24 overlaps the older lease of 10.50.7.0/24", false));
    }

    @Test
    void letsNonsenseDisplaceNobodyHoweverOldItIs() {
        Lease nonsense = lease("evil", "10.50.0.0/16", 0);
        Lease good = lease("a", "10.50.7.0/24", 9);
        CountedLeases sorted = CountedLeases.of(DEMO, List.of(nonsense, good));
        assertThat(sorted.counted()).containsExactly(good);
        assertThat(sorted.taken()).containsExactly(subnet("10.50.7.0/24"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Node", "a/b", "../a", "a b", "$(reboot)", "-a", "a..b", "a\n"})
    void skipsAHolderThatNoNodeIsNamedLike(String node) {
        assertThat(skipped(DEMO, lease(node, "10.50.7.0/24", 0)))
                .extracting(Skipped::reason)
                .containsExactly("nodeName is wrong: want a DNS subdomain");
    }

    @Test
    void skipsDataThatNoHookShouldGet() {
        Lease lease = lease("a", "10.50.7.0/24", 0);
        assertThat(skipped(DEMO, withData(lease, "extension", "\u001b[2J")))
                .extracting(Skipped::reason)
                .containsExactly(
                        "backend data has the character U+001B at offset 0: want printable ASCII, tab or newline");
        assertThat(skipped(DEMO, withData(lease, "extension", "x".repeat(4_097))))
                .extracting(Skipped::reason)
                .containsExactly("backend data has 4097 bytes: want at most 4096");
        assertThat(skipped(DEMO, withData(lease, "extension", "x".repeat(4_096))))
                .isEmpty();
    }

    @Test
    void skipsAnotherBackendsLeaseAndAnotherNetworks() {
        Lease lease = lease("a", "10.50.7.0/24", 0);
        assertThat(skipped(DEMO, withData(lease, "vxlan", "")))
                .extracting(Skipped::reason)
                .containsExactly("backendType is wrong: want extension");
        assertThat(skipped(DEMO, inNetwork(lease, "other")))
                .extracting(Skipped::reason)
                .containsExactly("network other is wrong: want demo");
    }

    @Test
    void knowsThatASkippedLeaseOnTheGridTakesItsSubnetAllTheSame() {
        Lease lease = withData(lease("a", "10.50.7.0/24", 0), "vxlan", "");
        assertThat(CountedLeases.of(DEMO, List.of(lease)).taken()).containsExactly(subnet("10.50.7.0/24"));
    }

    @Test
    void takesAnyPlaceInTheNetworkWhereSubnetsComeFromTheNodes() {
        assertThat(skipped(POD_CIDRS, lease("a", "10.50.7.0/26", 0), lease("b", "10.50.8.0/23", 0)))
                .isEmpty();
    }

    @Test
    void takesNoPlaceOutsideOfTheNetworkAsFlannelDoesInKubeMode() {
        assertThat(skipped(POD_CIDRS, lease("a", "10.51.7.0/24", 0), lease("b", "0.0.0.0/0", 0)))
                .extracting(Skipped::reason)
                .containsExactly(
                        "subnet 0.0.0.0/0 is outside of the network", "subnet 10.51.7.0/24 is outside of the network");
    }

    private static List<Skipped> skipped(Network network, Lease... leases) {
        return CountedLeases.of(network, List.of(leases)).skipped();
    }
}

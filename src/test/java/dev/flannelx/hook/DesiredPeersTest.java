package dev.flannelx.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.ip.Address;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesiredPeersTest {
    private static final PublicAddress ADDRESS =
            new PublicAddress(Address.parse("192.0.2.2").orElseThrow(), null);

    private static final List<Lease> LEASES = List.of(
            Leases.lease("node3", "10.50.7.0/24", "192.0.2.3"),
            Leases.lease("node2", "10.50.2.0/24", "192.0.2.2"),
            Leases.lease("node1", "10.50.1.0/24", "192.0.2.1"));

    @Test
    void everyOtherNodeIsAPeerInTheOrderOfTheSubnets() {
        assertThat(DesiredPeers.of(LEASES, "node1", Leases.subnet("10.50.1.0/24"))
                        .values())
                .extracting(Peer::node)
                .containsExactly("node2", "node3");
    }

    @Test
    void theSubnetThatThisNodeIsUpWithIsNoPeersThoughAnotherHasItsLease() {
        assertThat(DesiredPeers.of(LEASES, "node1", Leases.subnet("10.50.7.0/24"))
                        .values())
                .extracting(Peer::node)
                .containsExactly("node2");
    }

    @Test
    void aNodeThatIsNotUpYetHasNothingToCutOff() {
        assertThat(DesiredPeers.of(LEASES, "node1", null)).hasSize(2);
    }

    @Test
    void aNodeWithoutAnAddressIsNoPeer() {
        assertThat(DesiredPeers.of(List.of(lease("10.50.2.0/24", 1, false, PublicAddress.NONE)), "node1", null))
                .isEmpty();
    }

    @Test
    void ofANodesSeveralLeasesItsReservationCountsOrElseTheOldest() {
        var leases = List.of(lease("10.50.3.0/24", 2), lease("10.50.4.0/24", 1), lease("10.50.2.0/24", 1));
        assertThat(DesiredPeers.of(leases, "node1", null).keySet()).containsExactly(Leases.subnet("10.50.2.0/24"));

        var reserved = List.of(lease("10.50.2.0/24", 1), lease("10.50.9.0/24", 8, true, ADDRESS));
        assertThat(DesiredPeers.of(reserved, "node1", null).keySet()).containsExactly(Leases.subnet("10.50.9.0/24"));
    }

    private static Lease lease(String subnet, int age) {
        return lease(subnet, age, false, ADDRESS);
    }

    private static Lease lease(String subnet, int age, boolean reserved, PublicAddress address) {
        return new Lease(
                "demo",
                "node2",
                "uid-node2",
                Leases.subnet(subnet),
                address,
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(age),
                reserved);
    }
}

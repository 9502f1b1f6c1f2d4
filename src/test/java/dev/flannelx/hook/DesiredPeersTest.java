package dev.flannelx.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesiredPeersTest {
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
}

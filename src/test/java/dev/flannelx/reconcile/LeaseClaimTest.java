package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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

    private ClaimResult claim(Lease previous, boolean mayMove) throws IOException {
        Self self = new Self("self", "uid-of-now", previous.publicAddress(), null);
        return claim.claim(new ClaimRequest(network, self, "", previous.subnet(), mayMove), Instant.EPOCH);
    }
}

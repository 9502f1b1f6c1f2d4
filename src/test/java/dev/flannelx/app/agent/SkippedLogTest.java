package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Leases;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SkippedLogTest {
    private final SkippedLog skipped = new SkippedLog("demo", "node1");

    private static NetworkStatus status(String reason) {
        return new NetworkStatus(
                "demo", Phase.ACTIVE, 1, null, true, reason, reason, NetworkStatus.Peers.NONE, List.of());
    }

    @Test
    void nothingIsSaidWhereNothingIsSkipped() {
        assertThat(skipped.tell(status(""), Map.of())).isEqualTo(status(""));
    }

    @Test
    void threeAreNamedAndTheOthersCounted() {
        skipped.uncounted(List.of(
                new CountedLeases.Skipped(Leases.lease("other", "10.50.7.0/24", "192.0.2.7"), "too small", false)));
        var nonsense = new TreeMap<>(Map.of("a", "no IP", "b", "no node"));

        NetworkStatus told = skipped.tell(status(""), nonsense);
        assertThat(told.reason()).isEqualTo("LeasesSkipped");
        assertThat(told.ready()).isTrue();
        assertThat(told.message()).isEqualTo("a: no IP; b: no node; 10.50.7.0/24: too small");

        nonsense.put("c", "no subnet");
        nonsense.put("d", "no name");
        assertThat(skipped.tell(status(""), nonsense).message())
                .isEqualTo("a: no IP; b: no node; c: no subnet; and 2 more");
    }

    @Test
    void whatIsWorseIsSaidInstead() {
        assertThat(skipped.tell(status("PeersFailing"), Map.of("a", "no IP")).reason())
                .isEqualTo("PeersFailing");
    }

    @Test
    void aLeaseThatCountsAgainIsForgotten() {
        skipped.uncounted(List.of(
                new CountedLeases.Skipped(Leases.lease("other", "10.50.7.0/24", "192.0.2.7"), "too small", false)));
        skipped.uncounted(List.of());
        assertThat(skipped.tell(status(""), Map.of()).reason()).isEmpty();
    }
}

package dev.flannelx.reconcile.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.LeaseExpiry;
import dev.flannelx.lease.LeaseExpiry.Holder;
import dev.flannelx.lease.Leases;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseCleanupTest {
    private static final Network POOL = Specs.network("network: 10.50.0.0/16\nleaseDuration: 1h");
    private static final Network POD_CIDRS = Specs.network("network: 10.50.0.0/16\nsubnetSource: NodePodCIDR");
    private static final Lease FIRST = Leases.lease("a", "10.50.1.0/24", "192.0.2.1");
    private static final Lease SECOND = Leases.lease("a", "10.50.2.0/24", "192.0.2.1");

    private final LeaseExpiry expiry = new LeaseExpiry();
    private final LeaseCleanup cleanup = new LeaseCleanup(expiry);
    private final Map<String, ClusterNode> nodes = new HashMap<>();
    private final List<Lease> leases = new ArrayList<>();
    private Decoded network = new Decoded.Valid(POOL);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void keepsWhatIsInItsPlace() {
        node("a", NodeHealth.READY, null);
        leases.add(FIRST);
        assertThat(after(LeaseCleanup.PATIENCE)).isEqualTo(new LeaseCleanup.Findings(List.of(), Map.of()));
    }

    @Test
    void findsAtOnceWhatExpired() {
        leases.add(FIRST);
        assertThat(find().removals()).containsExactly(new Removal.Expired(FIRST, "Node a is gone"));
    }

    @Test
    void findsTheLeaseOfANodeThatWasSilentAndNotReadyForAsLongAsTheNetworkSays() {
        node("a", NodeHealth.SILENT, null);
        leases.add(FIRST);
        assertThat(after(Duration.ofMinutes(59)).removals()).isEmpty();
        assertThat(after(Duration.ofMinutes(1)).removals()).hasSize(1);
    }

    @Test
    void keepsTheLeaseOfASilentNodeWhereNoNetworkSaysForHowLong() {
        network = new Decoded.Invalid(List.of("nonsense"));
        node("a", NodeHealth.SILENT, null);
        leases.add(FIRST);
        assertThat(after(Duration.ofDays(30)).removals()).isEmpty();
        nodes.clear();
        assertThat(find().removals()).hasSize(1);
    }

    @Test
    void reportsANodeThatIsReadyWithASilentAgent() {
        node("a", NodeHealth.READY, null);
        leases.add(FIRST);
        LeaseCleanup.Findings found = after(Duration.ofHours(1));
        assertThat(found.removals()).isEmpty();
        assertThat(found.reports()).containsOnlyKeys("a");
    }

    @Test
    void reportsNothingElseOfNodesThatItCannotLookAt() {
        node("a", NodeHealth.READY, null);
        leases.add(FIRST);
        LeaseCleanup.Findings found = after(Duration.ofHours(1));
        expiry.pause(now);
        assertThat(findings()).isEqualTo(found);
    }

    @Test
    void findsWhatANodeHasBesidesTheSubnetThatItKeepsWhenItHasHadItForAWhile() {
        leases.addAll(List.of(FIRST, SECOND));
        node("a", NodeHealth.READY, SECOND);
        assertThat(find().removals()).isEmpty();
        assertThat(after(LeaseCleanup.PATIENCE.minusMillis(1)).removals()).isEmpty();
        assertThat(after(Duration.ofMillis(1)).removals()).containsExactly(new Removal.Surplus(FIRST, SECOND.subnet()));
    }

    @Test
    void takesNothingForSurplusThatTheNodeTurnsOutToKeep() {
        leases.addAll(List.of(FIRST, SECOND));
        node("a", NodeHealth.READY, SECOND);
        after(LeaseCleanup.PATIENCE.minusMillis(1));
        node("a", NodeHealth.READY, FIRST);
        assertThat(after(Duration.ofMillis(1)).removals()).isEmpty();
    }

    @Test
    void findsAPodCidrLeaseOutsideThePodCidrs() {
        network = new Decoded.Valid(POD_CIDRS);
        leases.addAll(List.of(FIRST, Leases.lease("b", "10.50.2.0/24", "192.0.2.2")));
        node("a", NodeHealth.READY, FIRST, "10.50.1.0/24");
        node("b", NodeHealth.READY, null, "10.50.9.0/24");
        assertThat(find().removals()).isEmpty();
        assertThat(after(LeaseCleanup.PATIENCE).removals())
                .containsExactly(new Removal.Outside(leases.get(1), Leases.subnet("10.50.9.0/24")));
    }

    @Test
    void leavesPodCidrLeasesAloneWhereTheNodeHasNoPodCidrs() {
        network = new Decoded.Valid(POD_CIDRS);
        leases.add(FIRST);
        node("a", NodeHealth.READY, FIRST);
        find();
        assertThat(after(LeaseCleanup.PATIENCE).removals()).isEmpty();
    }

    /** Looks each minute until that much time has passed. */
    private LeaseCleanup.Findings after(Duration duration) {
        Instant end = now.plus(duration);
        find();
        while (now.isBefore(end)) {
            Instant next = now.plusSeconds(60);
            now = next.isAfter(end) ? end : next;
            find();
        }
        return find();
    }

    private LeaseCleanup.Findings find() {
        var holders = new HashMap<String, Holder>();
        nodes.forEach((name, node) ->
                holders.put(name, new Holder(node.uid(), node.health() == NodeHealth.READY, Instant.EPOCH)));
        expiry.look(holders, now);
        return findings();
    }

    private LeaseCleanup.Findings findings() {
        var seen = new SeenNetwork("demo", "uid-1", 1, Instant.EPOCH, false, false, false, network);
        return cleanup.find(List.of(seen), new ClusterView(nodes, leases, Set.of()), now);
    }

    private void node(String name, NodeHealth health, @Nullable Lease kept, String... podCidrs) {
        var standing = new NetworkStatus(
                "demo",
                Phase.ACTIVE,
                1,
                kept == null ? null : kept.subnet(),
                true,
                "",
                "",
                NetworkStatus.Peers.NONE,
                List.of());
        nodes.put(
                name,
                new ClusterNode(
                        name,
                        "uid-" + name,
                        Map.of(),
                        health,
                        podCidrs.length == 0 ? null : Leases.subnet(podCidrs[0]),
                        false,
                        new AgentReport(Instant.EPOCH, Map.of(), Map.of("demo", standing))));
    }
}

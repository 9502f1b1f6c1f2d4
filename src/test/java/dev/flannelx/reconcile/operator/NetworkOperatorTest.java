package dev.flannelx.reconcile.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkOperatorTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Network NETWORK = Specs.network("network: 10.50.0.0/16");
    private static final Network OF_WORKERS = Specs.network("network: 10.50.0.0/22\nnodeSelector: {role: worker}");
    private static final Decoded INVALID = new Decoded.Invalid(List.of("network is missing", "backend is missing"));

    private final Map<String, ClusterNode> nodes = new TreeMap<>();
    private final List<Lease> leases = new ArrayList<>();
    private final Set<String> silent = new HashSet<>();
    private Instant now = T0;

    @Test
    void saysHowManyNodesAreReady() {
        joined("a", 1, true);
        joined("b", 1, true);
        assertThat(decide(seen(NETWORK)).report())
                .returns(2, NetworkReport::ready)
                .returns(2, NetworkReport::total)
                .returns(2, NetworkReport::updated)
                .returns(1L, NetworkReport::generation)
                .satisfies(report -> assertThat(report.conditions())
                        .containsExactly(
                                new NetworkCondition(Aspect.ACCEPTED, true, "Valid", "nodes may join"),
                                new NetworkCondition(Aspect.READY, true, "AllNodesReady", "2 of 2 nodes are ready"),
                                new NetworkCondition(
                                        Aspect.PROGRESSING,
                                        false,
                                        "UpToDate",
                                        "every node that has joined has generation 1"),
                                new NetworkCondition(
                                        Aspect.POOL_EXHAUSTED, false, "SubnetsLeft", "0 of 255 subnets are taken")));
    }

    @Test
    void aNodeIsReadyOnlyIfItsAgentItsNodeAndItsHeartbeatSaySo() {
        joined("agent", 1, false);
        joined("heartbeat", 1, true);
        silent.add("heartbeat");
        put("node", NodeHealth.NOT_READY, Map.of(), report(standing(1, true)));
        put("nothing", NodeHealth.READY, Map.of(), null);
        joined("ready", 1, true);
        assertThat(condition(decide(seen(NETWORK)), Aspect.READY))
                .isEqualTo(new NetworkCondition(
                        Aspect.READY,
                        false,
                        "NodesNotReady",
                        "1 of 5 nodes are ready; not ready: agent, heartbeat, node and 1 more"));
    }

    @Test
    void countsTheNodesThatAreToJoinOnly() {
        put("a", NodeHealth.READY, Map.of("role", "worker"), report(standing(1, true)));
        put("b", NodeHealth.READY, Map.of(), report(standing(1, true)));
        assertThat(decide(seen(OF_WORKERS)).report()).returns(1, NetworkReport::total);
        nodes.remove("a");
        assertThat(condition(decide(seen(OF_WORKERS)), Aspect.READY).reason()).isEqualTo("NoNodes");
    }

    @Test
    void saysWhatIsWrongWithANetworkThatMakesNoSense() {
        joined("a", 1, true);
        Decision decision = decide(seen(INVALID));
        assertThat(condition(decision, Aspect.ACCEPTED))
                .isEqualTo(new NetworkCondition(
                        Aspect.ACCEPTED, false, "InvalidNetwork", "network is missing; backend is missing"));
        assertThat(decision.orders()).isEmpty();
        assertThat(decision.report().subnets()).isNull();
        assertThat(decision.report().ready()).isEqualTo(1);
    }

    @Test
    void saysBehindWhomANetworkStandsBackAndRaisesNobody() {
        joined("a", 1, true);
        var older = new SeenNetwork(
                "older", "uid-2", 1, T0.minusSeconds(1), false, false, false, new Decoded.Valid(named("older")));
        SeenNetwork changed = seen(2, NETWORK);
        Decision decision = new NetworkOperator(changed, null).decide(changed, List.of(changed, older), view(), now);
        assertThat(condition(decision, Aspect.ACCEPTED))
                .isEqualTo(new NetworkCondition(
                        Aspect.ACCEPTED, false, "Overlaps", "it overlaps the older network older"));
        assertThat(decision.orders()).isEmpty();
    }

    @Test
    void tellsANodeWhichGenerationItMayApply() {
        joined("a", 1, true);
        joined("b", 1, true);
        assertThat(decide(seen(2, NETWORK)).orders()).isEqualTo(Map.of("a", new NodeOrder(2L, null)));
    }

    @Test
    void aRaisedNodeKeepsWhatItIsToTearDown() {
        put("a", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(1L, "uid-0")));
        assertThat(decide(seen(2, NETWORK)).orders()).isEqualTo(Map.of("a", new NodeOrder(2L, "uid-0")));
    }

    @Test
    void aPausedNetworkRaisesNobody() {
        joined("a", 1, true);
        var paused = new SeenNetwork("demo", "uid-1", 2, T0, true, false, false, new Decoded.Valid(NETWORK));
        Decision decision = decide(paused);
        assertThat(decision.orders()).isEmpty();
        assertThat(condition(decision, Aspect.PROGRESSING).message()).endsWith("; paused");
    }

    @Test
    void saysWhenThePoolIsExhausted() {
        Network small = Specs.network("network: 10.50.0.0/22");
        leases.add(lease("a", "10.50.1.0/24", "192.0.2.1"));
        leases.add(lease("b", "10.50.2.0/24", "192.0.2.2"));
        assertThat(condition(decide(seen(small)), Aspect.POOL_EXHAUSTED).holds())
                .isFalse();
        leases.add(lease("c", "10.50.3.0/24", "192.0.2.3"));
        assertThat(condition(decide(seen(small)), Aspect.POOL_EXHAUSTED))
                .isEqualTo(
                        new NetworkCondition(Aspect.POOL_EXHAUSTED, true, "NoSubnetLeft", "3 of 3 subnets are taken"));
        leases.removeLast();
        put("c", NodeHealth.READY, Map.of(), report(standing(1, false, NetworkStatus.POOL_EXHAUSTED)));
        assertThat(condition(decide(seen(small)), Aspect.POOL_EXHAUSTED))
                .isEqualTo(new NetworkCondition(
                        Aspect.POOL_EXHAUSTED, true, "NoSubnetLeft", "2 of 3 subnets are taken; without one: c"));
    }

    @Test
    void whatNodesHaveOutsideOfThePoolLeavesTheWholePool() {
        Network moved = Specs.network("network: 10.50.0.0/22\nsubnetMin: 10.50.3.0");
        leases.add(lease("a", "10.50.1.0/24", "192.0.2.1"));
        leases.add(lease("b", "10.50.2.0/24", "192.0.2.2"));
        assertThat(condition(decide(seen(moved)), Aspect.POOL_EXHAUSTED).holds())
                .isFalse();
        leases.add(lease("c", "10.50.3.0/24", "192.0.2.3"));
        assertThat(condition(decide(seen(moved)), Aspect.POOL_EXHAUSTED))
                .isEqualTo(
                        new NetworkCondition(Aspect.POOL_EXHAUSTED, true, "NoSubnetLeft", "3 of 3 subnets are taken"));
    }

    @Test
    void thePoolOfPodCidrsIsMeasuredByThoseThatThereAre() {
        Network podCidrs = Specs.network("network: 10.50.0.0/16\nsubnetSource: NodePodCIDR");
        assertThat(decide(seen(podCidrs)).report().subnets()).returns(SubnetFigures.MANY, SubnetFigures::capacity);
        leases.add(lease("a", "10.50.1.0/24", "192.0.2.1"));
        leases.add(lease("b", "10.50.2.0/25", "192.0.2.2"));
        assertThat(decide(seen(podCidrs)).report().subnets())
                .returns(2L, SubnetFigures::allocated)
                .returns(512L, SubnetFigures::capacity);
    }

    @Test
    void namesNodesThatClaimToHaveOneAddress() {
        joined("a", 1, true);
        leases.add(lease("a", "10.50.1.0/24", "192.0.2.1"));
        leases.add(lease("b", "10.50.2.0/24", "192.0.2.1"));
        leases.add(lease("c", "10.50.3.0/24", "192.0.2.3"));
        assertThat(condition(decide(seen(NETWORK)), Aspect.READY).message())
                .isEqualTo("1 of 1 nodes are ready; public address 192.0.2.1 is claimed by a, b");
    }

    @Test
    void aDeletedNetworkIsTakenDownEverywhere() {
        joined("a", 1, true);
        put("b", NodeHealth.READY, Map.of(), report(null));
        put("without-agent", NodeHealth.READY, Map.of(), null);
        var operator = new NetworkOperator(deleted(false), null);
        Decision first = operator.decide(deleted(false), List.of(deleted(false)), view(), now);
        var order = new NodeOrder(null, "uid-1");
        assertThat(first.orders()).isEqualTo(Map.of("a", order, "b", order));
        assertThat(condition(first, Aspect.TEARING_DOWN))
                .isEqualTo(new NetworkCondition(Aspect.TEARING_DOWN, true, "Deleted", "waiting for a"));
        assertThat(first.release()).isEqualTo(Release.NO);

        put("a", NodeHealth.READY, Map.of(), report(null, order));
        put("b", NodeHealth.READY, Map.of(), report(null, order));
        assertThat(operator.decide(deleted(false), List.of(deleted(false)), view(), now)
                        .release())
                .as("before anybody can have seen the condition")
                .isEqualTo(Release.NO);
        assertThat(operator.decide(deleted(true), List.of(deleted(true)), view(), now)
                        .release())
                .isEqualTo(Release.DONE);
    }

    @Test
    void aNodeThatDoesNotAnswerHoldsADeletionUpForAWhile() {
        var order = new NodeOrder(null, "uid-1");
        put("dead", NodeHealth.SILENT, Map.of(), report(standing(1, true), order));
        var operator = new NetworkOperator(deleted(true), null);
        Decision waiting = operator.decide(deleted(true), List.of(deleted(true)), view(), now);
        assertThat(waiting.release()).isEqualTo(Release.NO);
        assertThat(waiting.nextAt()).contains(T0.plus(NETWORK.teardownTimeout()));
        now = now.plus(NETWORK.teardownTimeout()).minusMillis(1);
        assertThat(operator.decide(deleted(true), List.of(deleted(true)), view(), now)
                        .release())
                .isEqualTo(Release.NO);
        now = now.plusMillis(1);
        assertThat(operator.decide(deleted(true), List.of(deleted(true)), view(), now)
                        .release())
                .isEqualTo(Release.TIMED_OUT);
    }

    @Test
    void aDeletionOfWhichNobodySaysAnythingIsSaidToBeLateWhenItIs() {
        var operator = new NetworkOperator(deleted(true), null);
        Decision done = operator.decide(deleted(true), List.of(deleted(true)), view(), now);
        assertThat(done.release()).isEqualTo(Release.DONE);
        assertThat(done.nextAt()).contains(T0.plus(NETWORK.teardownTimeout()));
        now = now.plus(NETWORK.teardownTimeout());
        assertThat(operator.decide(deleted(true), List.of(deleted(true)), view(), now)
                        .release())
                .isEqualTo(Release.DONE_LATE);
    }

    @Test
    void aDeadNodeStillFindsTheEarlierNetworkThatItIsToTakeDown() {
        put("dead", NodeHealth.SILENT, Map.of(), report(standing(1, true), new NodeOrder(1L, "uid-0")));
        put("alive", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(1L, "uid-0")));
        assertThat(decide(deleted(true)).orders())
                .isEqualTo(Map.of("dead", new NodeOrder(null, "uid-0"), "alive", new NodeOrder(null, "uid-1")));
    }

    @Test
    void aDeletedNetworkThatMakesNoSenseIsTakenDownToo() {
        joined("a", 1, true);
        var deleted = new SeenNetwork("demo", "uid-1", 2, T0, false, false, true, INVALID);
        assertThat(decide(deleted).orders()).isEqualTo(Map.of("a", new NodeOrder(null, "uid-1")));
        assertThat(decide(deleted).nextAt()).contains(T0.plus(Duration.ofMinutes(5)));
    }

    @Test
    void aDeletedNetworkThatIsPausedIsTakenDownToo() {
        joined("a", 1, true);
        var deleted = new SeenNetwork("demo", "uid-1", 2, T0, true, false, true, new Decoded.Valid(NETWORK));
        assertThat(decide(deleted).orders()).isEqualTo(Map.of("a", new NodeOrder(null, "uid-1")));
    }

    @Test
    void whatWasOrderedOfANetworkThatIsGoneIsTakenBack() {
        var stale = new StaleOrders();
        put("joined", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(1L, "uid-1")));
        put("clean", NodeHealth.READY, Map.of(), report(null, new NodeOrder(null, "uid-1")));
        put("raised", NodeHealth.READY, Map.of(), report(null, new NodeOrder(1L, null)));
        assertThat(stale.find(List.of(seen(NETWORK)), view(), now)).isEmpty();
        assertThat(stale.find(List.of(), view(), now))
                .as("no generation is left to mean that of another network")
                .containsExactlyInAnyOrder(
                        stale("joined", new NodeOrder(1L, "uid-1"), new NodeOrder(null, "uid-1")),
                        stale("raised", new NodeOrder(1L, null), NodeOrder.NONE));
        now = now.plus(StaleOrders.PATIENCE);
        assertThat(stale.find(List.of(), view(), now))
                .containsExactlyInAnyOrder(
                        stale("joined", new NodeOrder(1L, "uid-1"), new NodeOrder(null, "uid-1")),
                        stale("clean", new NodeOrder(null, "uid-1"), NodeOrder.NONE),
                        stale("raised", new NodeOrder(1L, null), NodeOrder.NONE));
    }

    @Test
    void aGenerationThatANetworkHasNotReachedYetIsThatOfAnEarlierOneOfItsNameAndIsTakenBack() {
        var stale = new StaleOrders();
        put("earlier", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(3L, "uid-0")));
        put("latest", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(2L, "uid-0")));
        put("former", NodeHealth.READY, Map.of(), report(standing(1, true), new NodeOrder(1L, null)));
        put("leaving", NodeHealth.READY, Map.of(), report(null, new NodeOrder(null, "uid-0")));
        now = now.plus(StaleOrders.PATIENCE);
        assertThat(stale.find(List.of(seen(2, NETWORK)), view(), now))
                .containsExactly(stale("earlier", new NodeOrder(3L, "uid-0"), new NodeOrder(null, "uid-0")));
    }

    @Test
    void aNetworkMadeAnewGoesFromNodeToNodeWhateverGenerationAnEarlierOneOfItsNameHad() {
        for (String node : List.of("a", "b", "c")) {
            put(node, NodeHealth.READY, Map.of(), report(standing(0, true), new NodeOrder(2L, null)));
        }
        assertThat(decide(seen(1, NETWORK)).orders()).isEqualTo(Map.of("a", new NodeOrder(1L, null)));
        new StaleOrders()
                .find(List.of(seen(1, NETWORK)), view(), now)
                .forEach(stale ->
                        put(stale.node(), NodeHealth.READY, Map.of(), report(standing(1, true), stale.left())));
        assertThat(decide(seen(2, NETWORK)).orders()).isEqualTo(Map.of("a", new NodeOrder(2L, null)));
    }

    @Test
    void aNodeIsConnectedWhereEveryNetworkThatItRunsIsReady() {
        assertThat(node(NodeHealth.READY, Map.of(), null).isConnected()).isFalse();
        assertThat(node(NodeHealth.READY, Map.of(), report(null)).isConnected()).isFalse();
        assertThat(node(NodeHealth.READY, Map.of(), report(standing(1, false))).isConnected())
                .isFalse();
        assertThat(node(NodeHealth.NOT_READY, Map.of(), report(standing(1, true)))
                        .isConnected())
                .isTrue();
        var refused = new NetworkStatus(
                "other", Phase.REFUSED, 0, null, false, "Overlaps", "", NetworkStatus.Peers.NONE, List.of());
        assertThat(node(
                                NodeHealth.READY,
                                Map.of(),
                                new AgentReport(T0, Map.of(), Map.of("demo", standing(1, true), "other", refused)))
                        .isConnected())
                .isTrue();
    }

    private Decision decide(SeenNetwork seen) {
        return new NetworkOperator(seen, null).decide(seen, List.of(seen), view(), now);
    }

    private static StaleOrder stale(String node, NodeOrder found, NodeOrder left) {
        return new StaleOrder(node, "demo", found, left);
    }

    private ClusterView view() {
        return new ClusterView(nodes, leases, silent);
    }

    private static NetworkCondition condition(Decision decision, Aspect aspect) {
        return decision.report().conditions().stream()
                .filter(condition -> condition.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    private void joined(String name, long generation, boolean ready) {
        put(name, NodeHealth.READY, Map.of(), report(standing(generation, ready)));
    }

    private void put(String name, NodeHealth health, Map<String, String> labels, @Nullable AgentReport report) {
        nodes.put(name, new ClusterNode(name, "uid-" + name, labels, health, null, false, report));
    }

    private static ClusterNode node(NodeHealth health, Map<String, String> labels, @Nullable AgentReport report) {
        return new ClusterNode("a", "uid-a", labels, health, null, false, report);
    }

    private static AgentReport report(@Nullable NetworkStatus standing) {
        return report(standing, NodeOrder.NONE);
    }

    private static AgentReport report(@Nullable NetworkStatus standing, NodeOrder order) {
        var standings = new HashMap<String, NetworkStatus>();
        if (standing != null) {
            standings.put("demo", standing);
        }
        return new AgentReport(T0, order.equals(NodeOrder.NONE) ? Map.of() : Map.of("demo", order), standings);
    }

    private static NetworkStatus standing(long generation, boolean ready) {
        return standing(generation, ready, "");
    }

    private static NetworkStatus standing(long generation, boolean ready, String reason) {
        return new NetworkStatus(
                "demo", Phase.ACTIVE, generation, null, ready, reason, "", NetworkStatus.Peers.NONE, List.of());
    }

    private static SeenNetwork seen(Network network) {
        return seen(1, network);
    }

    private static SeenNetwork seen(long generation, Network network) {
        return new SeenNetwork("demo", "uid-1", generation, T0, false, false, false, new Decoded.Valid(network));
    }

    private static SeenNetwork seen(Decoded decoded) {
        return new SeenNetwork("demo", "uid-1", 1, T0, false, false, false, decoded);
    }

    private static SeenNetwork deleted(boolean tearingDown) {
        return new SeenNetwork("demo", "uid-1", 1, T0, false, tearingDown, true, new Decoded.Valid(NETWORK));
    }

    private static Network named(String name) {
        return Specs.named(name, "network: 10.50.0.0/17");
    }

    private static Lease lease(String node, String subnet, String publicIp) {
        return Leases.lease(node, subnet, publicIp);
    }
}

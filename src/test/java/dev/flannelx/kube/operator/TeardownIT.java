package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Networks that are deleted, and those that go with their type, on a real API server. */
class TeardownIT {
    private static final String SPEC =
            "{network: 10.50.0.0/16, teardownTimeout: 1h, backend: {type: extension, subnetAddCommand: add}}";

    private final OperatedCluster cluster = new OperatedCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aDeletedNetworkGoesWhenItsNodesHaveTakenItDown() {
        start("node0", "node1");
        String uid = cluster.network("demo").seen().uid();
        cluster.delete("demo");
        await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        assertThat(Stream.of("node0", "node1"))
                .allMatch(node -> cluster.agent(node).hasNothing());
        assertThat(cluster.leases()).isEmpty();
        assertThat(cluster.order("node0", "demo").teardown()).isEqualTo(uid);
    }

    @Test
    void aDeadNodeHoldsADeletionUpForAWhileAndFindsItWhenItComesBack() {
        ClusterOperator operator = start("node0", "node1", "dead");
        cluster.agent("dead").alive = false;
        cluster.kubelet("dead", "Ready", "Unknown");
        cluster.delete("demo");
        await("the others have taken it down")
                .until(() -> cluster.agent("node0").hasNothing()
                        && cluster.agent("node1").hasNothing());
        await("the status names it").until(() -> cluster.message("demo", "TearingDown"), "waiting for dead"::equals);
        assertThat(cluster.condition("demo", "TearingDown")).isEqualTo("True/Deleted");

        cluster.clock.move(Duration.ofHours(1));
        operator.wake();
        await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        assertThat(cluster.leases()).hasSize(1);
        cluster.agent("dead").alive = true;
        await("the dead one has taken it down")
                .until(() -> cluster.agent("dead").hasNothing());
        assertThat(cluster.leases()).isEmpty();
    }

    @Test
    void whatWasOrderedOfANetworkThatIsGoneIsTakenBackInTime() {
        ClusterOperator operator = start("node0");
        cluster.delete("demo");
        await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        await("the order is taken back").until(() -> {
            cluster.clock.move(Duration.ofMinutes(1));
            operator.wake();
            return cluster.flannelNode("node0").orders().isEmpty();
        });
    }

    @Test
    void aNetworkThatMakesNoSenseIsTakenDownToo() {
        start("node0");
        cluster.network(
                "demo",
                "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add,"
                        + " retry: {initialDelay: 1m, maxDelay: 1s}}}");
        await("the status says so").until(() -> cluster.condition("demo", "Accepted"), "False/InvalidNetwork"::equals);
        assertThat(cluster.agent("node0").hasNothing()).isFalse();
        cluster.delete("demo");
        await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        assertThat(cluster.agent("node0").hasNothing()).isTrue();
    }

    @Test
    void ofTwoThatOverlapTheOlderStaysAndTheOtherFollowsWhenItIsGone() {
        start("node0");
        cluster.network("other", "{network: 10.50.0.0/17, backend: {type: extension, subnetAddCommand: add}}");
        await("the status says so").until(() -> cluster.condition("other", "Accepted"), "False/Overlaps"::equals);
        assertThat(cluster.condition("demo", "Accepted")).isEqualTo("True/Valid");
        cluster.delete("demo");
        await("the status says so").until(() -> cluster.condition("other", "Accepted"), "True/Valid"::equals);
    }

    @Test
    void networksThatGoWithTheirTypeAreNotTakenDown() throws Exception {
        start("node0", "node1");
        cluster.kubectl("delete", "crd", "flannelnetworks.flannelx.dev", "--timeout=60s");
        assertThat(Stream.of("node0", "node1"))
                .noneMatch(node -> cluster.agent(node).hasNothing());
        assertThat(cluster.leases()).hasSize(2);

        cluster.server.applyTypes("-f", "k8s/base/crds/flannelnetworks.yaml");
        cluster.network("demo", SPEC);
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        assertThat(Stream.of("node0", "node1"))
                .allSatisfy(node ->
                        assertThat(cluster.order(node, "demo").teardown()).isNull());
    }

    @Test
    void agentsThatLoseTheirTypeTakeNothingDown() throws Exception {
        start("node0", "node1");
        cluster.kubectl("delete", "crd", "flannelnodes.flannelx.dev", "--timeout=60s");
        await("nobody is ready any more")
                .until(() -> cluster.condition("demo", "Ready"), "False/NodesNotReady"::equals);
        cluster.server.applyTypes("-f", "k8s/base/crds/flannelnodes.yaml");
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        assertThat(Stream.of("node0", "node1"))
                .noneMatch(node -> cluster.agent(node).hasNothing());
        assertThat(cluster.condition("demo", "TearingDown")).isEmpty();
    }

    @Test
    void whereNobodyCanSayThatANetworkIsTakenDownItGoesInTime() throws Exception {
        ClusterOperator operator = start("node0");
        cluster.kubectl("delete", "crd", "flannelnodes.flannelx.dev", "--timeout=60s");
        try {
            cluster.delete("demo");
            await("the status says so").until(() -> cluster.condition("demo", "TearingDown"), "True/Deleted"::equals);
            int looks = cluster.looks.get();
            await("it has looked").until(() -> {
                operator.wake();
                return cluster.looks.get() > looks + 3;
            });
            assertThat(cluster.find(ResourceTypes.NETWORKS, "demo")).isNotNull();

            cluster.clock.move(Duration.ofHours(1));
            operator.wake();
            await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        } finally {
            cluster.server.applyTypes("-f", "k8s/base/crds/flannelnodes.yaml");
        }
    }

    @Test
    void aDeletionOfWhichManyNodesAreToldKeepsTheOperatorAliveHoweverLongThatTakes() {
        String[] nodes = IntStream.range(0, 20).mapToObj(i -> "node" + i).toArray(String[]::new);
        populate(nodes);
        cluster.network("demo", SPEC.replace("teardownTimeout: 1h", "teardownTimeout: 1m"));
        String uid = cluster.network("demo").seen().uid();
        var slow = new SlowOrders();
        try (var proxy = new FaultProxy(cluster.server.url(), slow)) {
            slow.operator = cluster.operatorBy(proxy.url(), "one");
            awaitWell();
            Instant begin = cluster.clock.instant();
            cluster.delete("demo");
            await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
            assertThat(begin.plus(Duration.ofMinutes(3))).isBefore(cluster.clock.instant());
            assertThat(slow.standstills).hasValue(0);
            assertThat(Stream.of(nodes))
                    .allMatch(node -> uid.equals(cluster.order(node, "demo").teardown()));
        }
    }

    /** Each order takes ten seconds. */
    private final class SlowOrders implements Faults {
        final AtomicInteger standstills = new AtomicInteger();
        volatile @Nullable ClusterOperator operator;

        @Override
        public OfRequest request(String method, String uri) {
            ClusterOperator current = operator;
            if (current != null && method.equals("PUT") && uri.contains("/flannelnodes/")) {
                cluster.clock.move(Duration.ofSeconds(10));
                if (!current.isAlive()) {
                    standstills.incrementAndGet();
                }
            }
            return new OfRequest.Pass();
        }

        @Override
        public OfEvent event() {
            return OfEvent.PASS;
        }
    }

    private ClusterOperator start(String... nodes) {
        populate(nodes);
        ClusterOperator operator = cluster.operator("one");
        awaitWell();
        return operator;
    }

    private void populate(String... nodes) {
        Stream.of(nodes).forEach(node -> cluster.node(node, Map.of()));
        cluster.network("demo", SPEC);
    }

    private void awaitWell() {
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
    }
}

package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several operators at once, on a real API server. */
class LeadershipIT {
    private static final Duration DAY = Duration.ofDays(1);

    private final OperatedCluster cluster = new OperatedCluster();

    @BeforeEach
    void start() {
        cluster.node("node0", Map.of());
        cluster.network("demo", "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void ofTwoStartedAtOnceOneLeadsAndTheOtherTakesOverWhenItIsKilled() {
        ClusterOperator one = cluster.operator("one");
        ClusterOperator two = cluster.operator("two");
        await("one of them leads").until(() -> one.isLeading() ^ two.isLeading());
        await("both have seen everything").until(() -> one.isSynced() && two.isSynced());
        ready("True/AllNodesReady");
        ClusterOperator leader = one.isLeading() ? one : two;
        ClusterOperator other = leader == one ? two : one;

        leader.kill();
        assertThat(leader.isLeading()).isFalse();
        cluster.kubelet("node0", "Ready", "False");
        await("the other one leads").until(other::isLeading);
        ready("False/NodesNotReady");
    }

    @Test
    void oneThatStopsHandsOverAtOnce() {
        ClusterOperator one = cluster.operator("one");
        await("it leads").until(one::isLeading);
        one.close();
        assertThat(holder()).isEmpty();

        ClusterOperator two = cluster.operator("two");
        await("the other one leads").until(two::isLeading);
        assertThat(holder()).isEqualTo("two");
    }

    @Test
    void aWallClockThatIsADayOffNeitherTakesTheLeadershipAwayNorKeepsIt() {
        ClusterOperator late = cluster.operator("late", clocksOff(DAY.negated()));
        await("it leads").until(late::isLeading);
        ClusterOperator early = cluster.operator("early", clocksOff(DAY));
        int looks = cluster.looks.get();
        await("the first one works on, though its lease looks a day old").until(() -> {
            late.wake();
            return cluster.looks.get() > looks + 20;
        });
        assertThat(holder()).isEqualTo("late");

        late.kill();
        await("the other one leads").until(early::isLeading);
        ClusterOperator third = cluster.operator("third", clocksOff(DAY.negated()));
        early.kill();
        await("nobody waits for a day, though its lease looks a day old in the future")
                .until(third::isLeading);
    }

    @Test
    void aClockThatJumpsADayExpiresAndHaltsNothing() {
        ClusterOperator operator = cluster.operator("one");
        ready("True/AllNodesReady");
        assertThat(cluster.leases()).hasSize(1);
        cluster.kubelet("node0", "Ready", "Unknown");
        ready("False/NodesNotReady");
        for (Duration jump : new Duration[] {DAY, DAY.multipliedBy(-2), DAY}) {
            cluster.wall.move(jump);
            int looks = cluster.looks.get();
            await("it has looked").until(() -> {
                operator.wake();
                return cluster.looks.get() > looks + 3;
            });
        }
        assertThat(cluster.leases()).hasSize(1);
        assertThat(operator.isLeading()).isTrue();
        assertThat(cluster.condition("demo", "Progressing")).isEqualTo("False/UpToDate");
    }

    @Test
    void oneThatCannotRenewItsLeaseStopsByItself() {
        ClusterOperator one = cluster.operator("one");
        await("it leads").until(one::isLeading);
        cluster.admin
                .rbac()
                .roleBindings()
                .inNamespace("flannelx-system")
                .withName("flannelx-operator")
                .delete();
        await("it does not lead any more").until(() -> !one.isLeading());
        cluster.restoreRoles();
        await("it leads again").until(one::isLeading);
        cluster.kubelet("node0", "Ready", "False");
        ready("False/NodesNotReady");
    }

    @Test
    void anOutageOfTheApiServerExpiresNothingAndIsCaughtUpWith() throws Exception {
        cluster.node("node1", Map.of());
        ClusterOperator operator = cluster.operator("one");
        ready("True/AllNodesReady");
        await("all have their leases").until(() -> cluster.leases().size() == 2);
        cluster.kubelet("node1", "Ready", "Unknown");
        ready("False/NodesNotReady");
        cluster.server.stop();
        await("it does not lead any more").until(() -> !operator.isLeading());
        cluster.clock.move(DAY.multipliedBy(2));

        cluster.server.start();
        cluster.node("node2", Map.of());
        await("it has caught up").until(() -> cluster.ready("demo"), "2/3"::equals);
        await("all have their leases").until(() -> cluster.leases().size() == 3);
        assertThat(cluster.agent("node1").hasNothing()).isFalse();
    }

    private OperatorClocks clocksOff(Duration off) {
        var wall = new MovableClock();
        wall.move(off);
        return new OperatorClocks(cluster.clock, OperatedCluster.monotonic(), wall);
    }

    private void ready(String condition) {
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), condition::equals);
    }

    private String holder() {
        return Stream.ofNullable(cluster.admin
                        .leases()
                        .inNamespace("flannelx-system")
                        .withName("flannelx-operator")
                        .require()
                        .getSpec()
                        .getHolderIdentity())
                .findFirst()
                .orElse("");
    }
}

package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.resource.FlannelNetworkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roll-outs on a real API server, by an operator's token under the shipped roles and policies. */
class RolloutIT {
    private static final List<String> TEN =
            IntStream.range(0, 10).mapToObj(i -> "node" + i).toList();

    private final OperatedCluster cluster = new OperatedCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aChangeGoesFromNodeToNodeAndTheStatusSaysHowFarItIs() {
        start(TEN, "add");
        assertThat(cluster.condition("demo", "Accepted")).isEqualTo("True/Valid");
        assertThat(cluster.condition("demo", "Ready")).isEqualTo("True/AllNodesReady");
        assertThat(cluster.ready("demo")).isEqualTo("10/10");
        assertThat(cluster.allocated("demo")).isEqualTo(10);

        change("add another way");
        await("all nodes have it")
                .until(() -> cluster.nodesWith("demo", "add another way").equals(TEN));
        await("the status says so").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        assertThat(cluster.network("demo").status())
                .extracting(
                        FlannelNetworkStatus::observedGeneration,
                        status -> Objects.requireNonNull(status.nodes()).updated())
                .containsExactly(2L, 10);
    }

    @Test
    void aBrokenCommandStopsAtTheFirstNodeAndTheCorrectedOneReachesAll() {
        start(TEN, "add");
        change("broken add");
        await("it halts").until(() -> cluster.condition("demo", "Progressing"), "False/RolloutHalted"::equals);
        assertThat(cluster.nodesWith("demo", "broken add")).containsExactly("node0");
        assertThat(cluster.message("demo", "Progressing")).contains("node node0");
        await("people are told")
                .until(() -> cluster.admin.events().v1().events().inNamespace("default").list().getItems().stream()
                        .anyMatch(event -> "RolloutHalted".equals(event.getReason())
                                && event.getNote().contains("node node0")));

        change("corrected add");
        await("all nodes have it")
                .until(() -> cluster.nodesWith("demo", "corrected add").equals(TEN));
        await("the status says so").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
    }

    @Test
    void aStartupThatBreaksStopsAtTheFirstNodeAndARollBackMendsIt() {
        List<String> three = TEN.subList(0, 3);
        start(three, "add");
        spec("{type: extension, subnetAddCommand: add, postStartupCommand: broken}", "");
        await("it halts").until(() -> cluster.condition("demo", "Progressing"), "False/RolloutHalted"::equals);
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), "False/NodesNotReady"::equals);
        assertThat(cluster.ready("demo")).isEqualTo("2/3");

        change("add");
        await("it is over").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        assertThat(cluster.order("node0", "demo").generation()).isEqualTo(3);
    }

    @Test
    void aNodeSelectorThatMatchesNothingTakesDownOneNode() {
        start(TEN, "add");
        spec("{type: extension, subnetAddCommand: add}", ", nodeSelector: {no: such-node}");
        await("it halts").until(() -> cluster.condition("demo", "Progressing"), "False/RolloutHalted"::equals);
        assertThat(TEN.stream().filter(node -> cluster.agent(node).hasNothing()))
                .containsExactly("node0");
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), "False/NoNodes"::equals);

        change("add");
        await("the node is back").until(() -> !cluster.agent("node0").hasNothing());
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
    }

    @Test
    void nodesThatANodeSelectorSendsAwayLeave() {
        cluster.node("stays", Map.of("role", "worker"));
        start(TEN.subList(0, 3), "add");
        spec("{type: extension, subnetAddCommand: add}", ", nodeSelector: {role: worker}");
        await("they left")
                .until(() -> TEN.subList(0, 3).stream()
                        .allMatch(node -> cluster.agent(node).hasNothing()));
        await("the status says so").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        await("the status says so").until(() -> cluster.ready("demo"), "1/1"::equals);
        assertThat(cluster.agent("stays").hasNothing()).isFalse();
    }

    @Test
    void anotherOperatorGoesOnAndKnowsTheHalt() {
        List<String> three = TEN.subList(0, 3);
        ClusterOperator first = start(three, "add");
        change("broken add");
        await("it halts").until(() -> cluster.condition("demo", "Progressing"), "False/RolloutHalted"::equals);
        first.kill();
        ClusterOperator second = cluster.operator("second");
        await("the second leads").until(second::isLeading);
        int looks = cluster.looks.get();
        cluster.clock.move(Duration.ofSeconds(30));
        await("it has looked").until(() -> {
            second.wake();
            return cluster.looks.get() > looks + 3;
        });
        assertThat(cluster.nodesWith("demo", "broken add")).containsExactly("node0");

        change("corrected add");
        await("all nodes have it")
                .until(() -> cluster.nodesWith("demo", "corrected add").equals(three));
    }

    @Test
    void aNetworkMadeAnewUnderItsNameWithoutATeardownIsRolledOutFromNodeToNodeToo() throws Exception {
        List<String> three = TEN.subList(0, 3);
        ClusterOperator first = start(three, "add");
        change("add another way");
        await("all nodes have it")
                .until(() -> cluster.nodesWith("demo", "add another way").equals(three));
        await("the status says so").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        first.kill();
        cluster.kubectl("patch", "fnet", "demo", "--type=merge", "--patch={\"metadata\": {\"finalizers\": null}}");
        cluster.delete("demo");
        assertThat(three)
                .allMatch(node -> Objects.equals(cluster.order(node, "demo").generation(), 2L));

        change("add another way");
        cluster.operator("second");
        await("nobody may apply a generation of the earlier one")
                .until(() -> three.stream()
                        .allMatch(node -> cluster.order(node, "demo").generation() == null));
        await("the status says so").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        assertThat(cluster.nodesWith("demo", "add another way")).isEqualTo(three);
        change("broken add");
        await("it halts").until(() -> cluster.condition("demo", "Progressing"), "False/RolloutHalted"::equals);
        assertThat(cluster.nodesWith("demo", "broken add")).containsExactly("node0");
    }

    @Test
    void aBugAtOneNetworkHoldsUpNoOtherAndIsOverWhenItIsGone() {
        cluster.bugAt = "demo";
        cluster.node("node0", Map.of());
        change("add");
        cluster.network("other", "{network: 10.60.0.0/16, backend: {type: extension, subnetAddCommand: add}}");
        ClusterOperator operator = cluster.operator("first");
        await("the other one is looked after")
                .until(() -> cluster.condition("other", "Ready"), "True/AllNodesReady"::equals);
        assertThat(cluster.network("demo").status()).isNull();
        cluster.clock.move(Duration.ofMinutes(10));
        assertThat(operator.isAlive()).isTrue();

        int looks = cluster.looks.get();
        await("it is tried again, though nothing changes").until(() -> cluster.looks.get() > looks + 5);
        cluster.bugAt = "";
        await("it is looked after too").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
    }

    @Test
    void theStatusIsWrittenNowAndThenHoweverOftenItChanges() {
        start(TEN.subList(0, 2), "add");
        var versions = new HashSet<String>();
        Instant begin = cluster.clock.instant();
        for (boolean ready = false;
                elapsed(begin).compareTo(Duration.ofSeconds(versions.size() < 2 ? 90 : 12)) < 0;
                ready = !ready) {
            cluster.kubelet("node0", "Ready", ready ? "True" : "False");
            versions.add(cluster.network("demo").version());
        }
        long pauses = elapsed(begin).dividedBy(NetworkReconciler.STATUS_PAUSE);
        assertThat(versions).hasSizeBetween(2, (int) pauses + 2);
    }

    private Duration elapsed(Instant since) {
        return Duration.between(since, cluster.clock.instant());
    }

    private ClusterOperator start(List<String> nodes, String addCommand) {
        nodes.forEach(node -> cluster.node(node, Map.of()));
        change(addCommand);
        ClusterOperator operator = cluster.operator("first");
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        await("all is well").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        return operator;
    }

    private void change(String addCommand) {
        spec("{type: extension, subnetAddCommand: %s}".formatted(addCommand), "");
    }

    private void spec(String backend, String more) {
        cluster.network(
                "demo", "{network: 10.50.0.0/16, rollout: {timeout: 3s}, backend: %s%s}".formatted(backend, more));
    }
}

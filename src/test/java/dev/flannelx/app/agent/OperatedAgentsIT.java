package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.host.MonotonicClock;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Untyped;
import dev.flannelx.kube.operator.ClusterOperator;
import dev.flannelx.kube.operator.ElectionTiming;
import dev.flannelx.kube.operator.OperatorClocks;
import dev.flannelx.kube.operator.OperatorIdentity;
import dev.flannelx.lab.api.Kubelets;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.OperatorObserver;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents and operators as they are, each by its own token, under the shipped roles and policies. */
class OperatedAgentsIT {
    private static final String HALTED = "False/RolloutHalted";
    private static final String HALTS_SOON = "rollout: {timeout: 15s}\n";
    private static final ElectionTiming QUICK =
            new ElectionTiming(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofMillis(500));

    @TempDir
    private Path folder;

    private final List<TestNode> nodes = new ArrayList<>();
    private final List<ClusterOperator> operators = new ArrayList<>();
    private final List<KubernetesClient> clients = new ArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private Fleet fleet;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        operators.forEach(ClusterOperator::close);
        clients.forEach(KubernetesClient::close);
        if (network().get() != null) {
            network().edit(network -> {
                network.getMetadata().setFinalizers(List.of());
                return network;
            });
        }
        fleet.close();
    }

    @Test
    void aBrokenCommandStopsAtTheFirstOfTenNodesAndTheCorrectedOneGoesFromNodeToNode() throws Exception {
        start(10, "", "operator");
        fleet.change(HALTS_SOON + before("echo \"add", "echo broken >> %s/$LOCAL_NODE; exit 1"));
        await("it halts").until(() -> condition("Progressing"), HALTED::equals);
        assertThat(nodesWith("broken")).hasSize(1);

        fleet.change(before("echo \"add", "echo $LOCAL_NODE >> %s/adds"));
        awaitSettled();
        assertThat(nodesWith("broken")).hasSize(1);
        List<String> adds = Files.readAllLines(fleet.log().resolve("adds"));
        assertThat(adds).hasSize(nodes.size() * (nodes.size() - 1));
        assertThat(IntStream.range(1, adds.size())
                        .filter(i -> !adds.get(i).equals(adds.get(i - 1)))
                        .count())
                .as("a node begins when the one before has all its peers again")
                .isEqualTo(nodes.size() - 1);
    }

    @Test
    void aStartupThatBreaksStopsAtTheFirstNodeAndOnTheWayBackTheOthersRunNothing() throws Exception {
        start(3, "", "operator");
        Map<String, List<String>> former = hooks();
        fleet.change(HALTS_SOON + before("echo \"postStartup", "exit 7"));
        await("it halts").until(() -> condition("Progressing"), HALTED::equals);
        await("the status says so").until(() -> condition("Ready"), "False/NodesNotReady"::equals);
        TestNode broken = only(nodes.stream().filter(node -> !node.isReady()));

        fleet.change(fleet.usual());
        awaitSettled();
        assertThat(fleet.hooks(broken)).containsSubsequence("shutdown", "preStartup", "postStartup " + subnet(broken));
        Map<String, List<String>> latter = hooks();
        Stream.of(former, latter).forEach(hooks -> hooks.remove(broken.name()));
        assertThat(latter).isEqualTo(former);
    }

    @Test
    void aNodeSelectorThatMatchesNothingTakesDownOneNode() throws Exception {
        start(4, "", "operator");
        fleet.change(HALTS_SOON + fleet.usual().replace("it: " + fleet.network(), "it: nowhere"));
        await("it halts").until(() -> condition("Progressing"), HALTED::equals);
        TestNode left = only(nodesWith("shutdown").stream());
        assertThat(left.agent().statuses()).isEmpty();
        List<TestNode> stayed = nodes.stream().filter(node -> node != left).toList();
        await("the others do without it")
                .until(() -> stayed.stream().allMatch(node -> node.isSettled(fleet.network(), stayed.size() - 1)));

        fleet.change(fleet.usual());
        awaitSettled();
        assertThat(nodesWith("shutdown")).containsExactly(left);
    }

    @Test
    void aDeletedNetworkGoesThoughANodeIsDeadAndThatOneFindsItsOrder() throws Exception {
        start(3, "teardownTimeout: 20s\n", "operator");
        TestNode dead = nodes.getFirst();
        List<TestNode> living = nodes.subList(1, 3);
        List<String> peers = living.stream().map(this::subnet).toList();
        String lease = fleet.leaseName(fleet.third(dead));
        dead.kill();
        network().delete();
        await("the others have taken it down").until(() -> nodesWith("shutdown"), living::equals);
        await("the network is gone").until(() -> network().get() == null);
        assertThat(leases()).containsExactly(lease);

        dead.start();
        await("it finds its order").until(() -> leases().isEmpty());
        assertThat(fleet.hooks(dead)).last().isEqualTo("shutdown");
        assertThat(fleet.hooks(dead))
                .containsAll(peers.stream().map("remove "::concat).toList());
    }

    @Test
    void ofTwoOperatorsStartedAtOnceOneFinishesWhatTheOtherBegan() throws Exception {
        start(4, "", "one", "other");
        Path hold = Files.createFile(folder.resolve("hold"));
        long generation = fleet.change(before("echo \"postStartup", "while test -e " + hold + "; do sleep 0.1; done")
                .replace("type: extension", "type: extension\n  timeout: 10m"));
        await("a node is told to").until(() -> nodesToldOf(generation).size() == 1);
        TestNode first = only(nodesToldOf(generation).stream());
        await("it has begun").until(() -> !first.isReady());

        ClusterOperator leader = only(operators.stream().filter(ClusterOperator::isLeading));
        ClusterOperator other = only(operators.stream().filter(operator -> operator != leader));
        leader.kill();
        await("the other one leads").until(other::isLeading);
        int seen = looks.get();
        await("it has looked").until(() -> {
            other.wake();
            return looks.get() > seen + 3;
        });
        assertThat(nodesToldOf(generation)).containsExactly(first);

        Files.delete(hold);
        awaitSettled();
        assertThat(nodesToldOf(generation)).isEqualTo(nodes);
    }

    /** The network with that many nodes, and these operators, started at once; returns when all is well. */
    private void start(int count, String more, String... names) throws Exception {
        fleet.create(more + fleet.usual());
        var kubelets = new Kubelets(fleet.admin());
        for (int i = 0; i < count; i++) {
            TestNode node = fleet.join(String.valueOf((char) ('a' + i)));
            kubelets.register(node.name(), List.of(String.valueOf(node.address().ipv4())), List.of());
            nodes.add(node);
        }
        for (String name : names) {
            KubernetesClient client = ApiServer.shared().as(new Cluster(fleet.admin()).operatorToken(name));
            clients.add(client);
            operators.add(new ClusterOperator(
                    client,
                    new OperatorIdentity("flannelx-system", name),
                    QUICK,
                    OperatorClocks.of(new MonotonicClock()),
                    new Looks()));
        }
        operators.forEach(ClusterOperator::start);
        awaitSettled();
    }

    private final class Looks implements OperatorObserver {
        @Override
        public void reported(String network, NetworkReport report) {
            looks.incrementAndGet();
        }
    }

    /** The usual network, with something before a part of its commands; {@code %s} in it is where hooks write. */
    private String before(String part, String what) {
        return fleet.usual().replace(part, what.replace("%s", fleet.log().toString()) + "; " + part);
    }

    /** Waits until everybody has everybody for a peer by the latest spec, and the status says so. */
    private void awaitSettled() {
        long generation = network().require().getMetadata().getGeneration();
        await("the status says so")
                .until(() -> Untyped.part(network().require(), "status")
                                        .path("observedGeneration")
                                        .asLong()
                                == generation
                        && condition("Progressing").equals("False/UpToDate")
                        && condition("Ready").equals("True/AllNodesReady"));
        await("all peers are applied")
                .until(() -> nodes.stream().allMatch(node -> node.isSettled(fleet.network(), nodes.size() - 1)));
    }

    /** From node to node agents take their time: they write where they stand every ten seconds at most. */
    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(9)).pollInterval(Duration.ofMillis(200));
    }

    private Resource<GenericKubernetesResource> network() {
        return fleet.admin().genericKubernetesResources(ResourceTypes.NETWORKS).withName(fleet.network());
    }

    private String condition(String type) {
        for (var condition : Untyped.part(network().require(), "status").path("conditions")) {
            if (Untyped.text(condition, "type").equals(type)) {
                return Untyped.text(condition, "status") + "/" + Untyped.text(condition, "reason");
            }
        }
        return "";
    }

    private List<TestNode> nodesToldOf(long generation) {
        return nodes.stream()
                .filter(node -> Long.valueOf(generation)
                        .equals(node.flannelNode()
                                .orElseThrow()
                                .orders()
                                .getOrDefault(fleet.network(), NodeOrder.NONE)
                                .generation()))
                .toList();
    }

    private List<String> leases() {
        return fleet.admin().genericKubernetesResources(ResourceTypes.LEASES).list().getItems().stream()
                .map(lease -> lease.getMetadata().getName())
                .filter(name -> name.startsWith(fleet.network() + "-"))
                .toList();
    }

    private String subnet(TestNode node) {
        return fleet.subnet(fleet.third(node));
    }

    /** Every line that hooks wrote, by node. */
    private Map<String, List<String>> hooks() throws IOException {
        var hooks = new HashMap<String, List<String>>();
        for (TestNode node : nodes) {
            hooks.put(node.name(), fleet.hooks(node));
        }
        return hooks;
    }

    private List<TestNode> nodesWith(String line) {
        return nodes.stream().filter(node -> has(node, line)).toList();
    }

    private boolean has(TestNode node, String line) {
        try {
            return fleet.hooks(node).contains(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T only(Stream<T> things) {
        List<T> all = things.toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }
}

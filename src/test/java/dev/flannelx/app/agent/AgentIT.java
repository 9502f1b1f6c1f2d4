package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Agents on a real API server, by node-bound tokens under the shipped roles and policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentIT {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final Cluster cluster = new Cluster(admin);
    private final List<TestNode> nodes = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path log;
    private String network;
    private int run;

    @BeforeEach
    void freshNames() throws IOException {
        admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
        run = RUNS.incrementAndGet();
        network = "agent" + run;
        log = Files.createDirectories(folder.resolve(network));
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(TestNode::close);
        nodes.clear();
        admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
    }

    @AfterAll
    void disconnect() {
        admin.close();
    }

    @Test
    void nodesClaimSubnetsAndLearnOfEachOther() throws Exception {
        create(network, usual());
        TestNode a = join("a");
        TestNode b = join("b");

        await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        assertThat(a.isReady()).isTrue();
        Subnet subnetOfA =
                Objects.requireNonNull(a.status(network).orElseThrow().subnet());
        Subnet subnetOfB =
                Objects.requireNonNull(b.status(network).orElseThrow().subnet());
        assertThat(a.hooks(log))
                .containsExactly(
                        "preStartup",
                        "postStartup " + subnetOfA,
                        "add %s 192.0.2.2 %s data of %s".formatted(subnetOfB, b.name(), b.name()));
        assertThat(Files.readString(a.subnetEnv())).contains("FLANNEL_NETWORK=10.50.0.0/16", "FLANNEL_MTU=1400");
        await().untilAsserted(() -> {
            assertThat(a.written(network)).hasValueSatisfying(written -> {
                assertThat(written.phase()).isEqualTo(Phase.ACTIVE);
                assertThat(written.ready()).isTrue();
                assertThat(written.subnet()).isEqualTo(subnetOfA);
                assertThat(written.peers()).isEqualTo(new NetworkStatus.Peers(1, 1, 0, 0));
            });
        });
        SeenFlannelNode flannelNode = a.flannelNode().orElseThrow();
        assertThat(flannelNode.nodeUid()).isEqualTo(uidOf(a));
        assertThat(flannelNode.agentVersion()).isEqualTo("test");
        assertThat(flannelNode.orders()).isEmpty();
        await().untilAsserted(() -> {
            assertThat(events(uidOf(a))).extracting(Event::getReason).containsExactly("LeaseAcquired");
            assertThat(events(uidOfNetwork()))
                    .extracting(Event::getNote)
                    .contains("node %s: subnet %s".formatted(a.name(), subnetOfA));
        });
    }

    @Test
    void aNodeThatLeavesTakesEverythingDownAndComesBackToTheSameSubnet() throws Exception {
        create(network, usual());
        TestNode a = join("a");
        TestNode b = join("b");
        await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        Subnet subnet = Objects.requireNonNull(b.status(network).orElseThrow().subnet());

        label(b, "another");
        await().until(() -> b.agent().statuses().isEmpty() && a.isSettled(network, 0));
        assertThat(b.hooks(log)).last().isEqualTo("shutdown");
        assertThat(a.hooks(log)).last().isEqualTo("remove " + subnet);
        assertThat(b.run().resolve(network)).doesNotExist();
        assertThat(b.subnetEnv()).doesNotExist();

        label(b, network);
        await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        assertThat(b.status(network).orElseThrow().subnet()).isEqualTo(subnet);
    }

    @Test
    void aRestartRunsNothingAgain() throws Exception {
        create(network, usual());
        TestNode a = join("a");
        TestNode b = join("b");
        await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        List<String> before = a.hooks(log);

        a.stop();
        a.start();
        await().until(() -> a.isSettled(network, 1));
        assertThat(a.hooks(log)).isEqualTo(before);
        assertThat(events(uidOf(a))).extracting(Event::getReason).containsExactly("LeaseAcquired");
    }

    @Test
    void aSecondAgentOfTheSameNodeWaitsForTheFirstToEnd() throws Exception {
        create(network, usual());
        TestNode a = join("a");
        await().until(() -> a.isSettled(network, 0));
        NodeAgent second = a.another();
        second.start();
        try {
            await().until(() -> second.readiness().missing().getFirst().contains("another agent runs on this node"));
            assertThat(second.statuses()).isEmpty();

            a.stop();
            await().until(() -> {
                second.tick();
                return second.readiness().isReady() && !second.statuses().isEmpty();
            });
            assertThat(a.hooks(log)).hasSize(2);
        } finally {
            second.stop();
        }
    }

    @Test
    void aPausedNetworkRunsNothingUntilItIsUnpaused() throws Exception {
        GenericKubernetesResource resource = resource(network, usual());
        resource.getMetadata().setAnnotations(Map.of("flannelx.dev/paused", "true"));
        admin.resource(resource).create();
        TestNode a = join("a");
        await().until(() -> a.written(network).map(NetworkStatus::phase).equals(Optional.of(Phase.PAUSED)));
        assertThat(a.hooks(log)).isEmpty();

        kubectl("annotate", "fnet", network, "flannelx.dev/paused-");
        await().until(() -> a.isSettled(network, 0));
        kubectl("annotate", "fnet", network, "flannelx.dev/paused=true");
        await().until(() -> isPaused(a));
        TestNode b = join("b");
        await().until(() -> isPaused(b));
        assertThat(a.hooks(log)).hasSize(2);
        assertThat(a.subnetEnv()).exists();
    }

    @Test
    void theSubnetMayComeFromTheNodesPodCidrs() throws Exception {
        create(network, "subnetSource: NodePodCIDR\n" + usual());
        TestNode a = join("a");
        await().until(() -> a.agent().statuses().stream()
                .anyMatch(status -> status.message().contains("has no spec.podCIDRs")));

        admin.nodes().withName(a.name()).edit(node -> {
            node.getSpec().setPodCIDR("10.50.77.0/24");
            node.getSpec().setPodCIDRs(List.of("10.50.77.0/24"));
            return node;
        });
        await().until(() -> a.isSettled(network, 0));
        assertThat(a.status(network).orElseThrow().subnet()).hasToString("10.50.77.0/24");
    }

    @Test
    void oneOfSeveralNetworksSpeaksForTheNode() throws Exception {
        create(network, usual());
        String second = network + "-second";
        create(second, usual().replace("10.50.", "10.60."));
        TestNode a = join("a");

        await().until(() -> a.isSettled(network, 0) && a.isSettled(second, 0));
        assertThat(a.run().resolve(network).resolve("subnet.env")).content().contains("10.50.0.0/16");
        assertThat(a.run().resolve(second).resolve("subnet.env")).content().contains("10.60.0.0/16");
        assertThat(a.subnetEnv()).content().contains("10.50.0.0/16");

        a.stop();
        AgentSettings.Choices choices = a.choices();
        a.choose(new AgentSettings.Choices(choices.publicAddress(), second, null, false, false, choices.grace()));
        a.start();
        await().untilAsserted(() -> assertThat(a.subnetEnv()).content().contains("10.60.0.0/16"));
    }

    @Test
    void aFailingHookIsSeenByPeopleUntilItRecovers() throws Exception {
        create(
                network,
                usual().replace(
                                "echo \"add",
                                "test -e %s/repaired || { echo no route >&2; exit 3; }; echo \"add".formatted(log)));
        TestNode a = join("a");
        TestNode b = join("b");

        await().untilAsserted(() -> {
            assertThat(a.written(network)).hasValueSatisfying(written -> {
                assertThat(written.reason()).isEqualTo("PeersFailing");
                assertThat(written.failures()).singleElement().satisfies(failure -> {
                    assertThat(failure.hook()).isEqualTo("subnetAdd");
                    assertThat(failure.peer())
                            .isEqualTo(b.status(network).orElseThrow().subnet());
                    assertThat(failure.exitCode()).isEqualTo(3);
                    assertThat(failure.message()).isEqualTo("no route");
                });
            });
        });
        Files.createFile(log.resolve("repaired"));
        await().until(() -> a.isSettled(network, 1));
        await().untilAsserted(() -> assertThat(events(uidOf(a)))
                .extracting(Event::getReason)
                .containsExactlyInAnyOrder("LeaseAcquired", "HookFailed", "HookRecovered"));
        await().until(() -> a.written(network).orElseThrow().failures().isEmpty());
    }

    @Test
    void aFullPoolIsSeenByPeople() throws Exception {
        create(network, "subnetMin: 10.50.9.0\nsubnetMax: 10.50.9.0\n" + usual());
        TestNode a = join("a");
        await().until(() -> a.isSettled(network, 0));
        TestNode b = join("b");

        await().until(() -> b.written(network).map(NetworkStatus::reason).equals(Optional.of("PoolExhausted")));
        await().untilAsserted(() ->
                assertThat(events(uidOf(b))).extracting(Event::getReason).containsExactly("PoolExhausted"));
        assertThat(b.agent().readiness().missing()).singleElement().asString().contains("PoolExhausted");
    }

    @Test
    void aFlannelNodeThatWasDeletedIsMadeAgain() throws Exception {
        create(network, usual());
        TestNode a = join("a");
        await().until(() -> a.written(network).isPresent());
        String before = a.flannelNode().orElseThrow().uid();

        kubectl("delete", "fnode", a.name());
        await().until(() ->
                a.flannelNode().filter(made -> !made.uid().equals(before)).isPresent());
    }

    private boolean isPaused(TestNode node) {
        return node.status(network).map(NetworkStatus::phase).equals(Optional.of(Phase.PAUSED));
    }

    private ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));
    }

    private String usual() {
        return """
                network: 10.50.0.0/16
                nodeSelector: {it: %1$s}
                removalGrace: 0s
                backend:
                  type: extension
                  mtu: 1400
                  retry: {initialDelay: 100ms, maxDelay: 500ms}
                  preStartupCommand: echo "preStartup" >> %2$s/$NODE; echo "data of $NODE"
                  postStartupCommand: echo "postStartup $SUBNET" >> %2$s/$NODE
                  subnetAddCommand: echo "add $SUBNET $PUBLIC_IP $NODE $(cat)" >> %2$s/$LOCAL_NODE
                  subnetRemoveCommand: echo "remove $SUBNET" >> %2$s/$LOCAL_NODE
                  shutdownCommand: echo "shutdown" >> %2$s/$NODE
                """.formatted(network, log);
    }

    private static GenericKubernetesResource resource(String name, String spec) {
        return Resources.yaml("apiVersion: flannelx.dev/v1alpha1\nkind: FlannelNetwork\nmetadata: {name: %s}\nspec:\n%s"
                .formatted(name, spec.indent(2)));
    }

    private void create(String name, String spec) {
        admin.resource(resource(name, spec)).create();
    }

    /** A node that the network selects, with its agent. */
    private TestNode join(String letter) throws IOException {
        String name = network + "-" + letter;
        cluster.node(name, Map.of("it", network));
        var node = new TestNode(
                name, letter.charAt(0) - 'a' + 1, folder, ApiServer.shared().as(cluster.agentToken(name)), admin);
        nodes.add(node);
        node.start();
        return node;
    }

    private void label(TestNode node, String value) throws IOException {
        kubectl("label", "--overwrite", "node", node.name(), "it=" + value);
    }

    private String uidOf(TestNode node) {
        return admin.nodes().withName(node.name()).get().getMetadata().getUid();
    }

    private String uidOfNetwork() {
        return admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(network)
                .get()
                .getMetadata()
                .getUid();
    }

    private List<Event> events(String uid) {
        return admin.events().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> uid.equals(event.getRegarding().getUid()))
                .toList();
    }

    private static void kubectl(String... arguments) throws IOException {
        ApiServer.Finished finished = ApiServer.shared().kubectl(arguments);
        assertThat(finished.exitCode()).as(finished.toString()).isZero();
    }
}

package dev.flannelx.app.agent;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.lease.Subnet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The nodes of one test on an API server, with a network of their own, in a range of its own. Every hook writes
 * a line into the log of the node that it ran on; see {@link TestNode#hooks}.
 */
final class Fleet {
    private static final AtomicInteger FLEETS = new AtomicInteger();

    private final ApiServer server;
    private final KubernetesClient admin;
    private final Cluster cluster;
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<String> networks = new ArrayList<>();
    private final int number = FLEETS.incrementAndGet();
    private final Path folder;
    private final Path log;

    /** Without nodes and without a network, on the shared API server. */
    Fleet(Path folder) throws IOException {
        this(folder, ApiServer.shared());
    }

    /** The same on another API server. */
    Fleet(Path folder, ApiServer server) throws IOException {
        this.folder = folder;
        this.server = server;
        admin = server.admin();
        cluster = new Cluster(admin);
        log = Files.createDirectories(folder.resolve(network()));
    }

    KubernetesClient admin() {
        return admin;
    }

    /** The name of the network that {@link #usual} makes, and the beginning of all other names. */
    String network() {
        return "fleet" + number;
    }

    /** The first half of the addresses of {@link #network}, as {@code 10.7}. */
    String range() {
        return "10." + (100 + number % 50 * 2);
    }

    /** The same, of a second network. */
    String otherRange() {
        return "10." + (101 + number % 50 * 2);
    }

    /** A subnet of {@link #network}. */
    String subnet(int third) {
        return range() + "." + third + ".0/24";
    }

    /** Where hooks write, and a test may put what they look for. */
    Path log() {
        return log;
    }

    /** The lines that the node's hooks wrote, in order. */
    List<String> hooks(TestNode node) throws IOException {
        return node.hooks(log);
    }

    /** A network whose hooks do nothing but write what they were told. */
    String usual() {
        return """
                network: %3$s.0.0/16
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
                """.formatted(network(), log, range());
    }

    /** The usual network, with a single subnet in its pool. */
    String usualWithOnly(int third) {
        return "subnetMin: %1$s.%2$d.0\nsubnetMax: %1$s.%2$d.0\n".formatted(range(), third) + usual();
    }

    void create(String spec) {
        create(network(), spec);
    }

    void create(String name, String spec) {
        networks.add(name);
        admin.resource(networkOf(name, spec)).create();
    }

    /** Puts another spec in the network's place; returns its generation. */
    long change(String spec) {
        return Objects.requireNonNull(admin.resource(networkOf(network(), spec))
                .update()
                .getMetadata()
                .getGeneration());
    }

    /** A network as somebody would write it. */
    static GenericKubernetesResource networkOf(String name, String spec) {
        return Resources.yaml("apiVersion: flannelx.dev/v1alpha1\nkind: FlannelNetwork\nmetadata: {name: %s}\nspec:\n%s"
                .formatted(name, spec.indent(2)));
    }

    /** A node that the network selects, its agent not started. */
    TestNode node(String letter) {
        return node(letter, server.config(token(letter)));
    }

    /** A node whose agent reaches the API server at that URL. */
    TestNode node(String letter, String url) {
        return node(
                letter,
                new ConfigBuilder(server.config(token(letter)))
                        .withMasterUrl(url)
                        .build());
    }

    private TestNode node(String letter, Config config) {
        var node = new TestNode(
                name(letter),
                letter.charAt(0) - 'a' + 1,
                folder,
                new KubernetesClientBuilder().withConfig(config).build(),
                admin);
        nodes.add(node);
        return node;
    }

    /** The token of that node's agent; makes the Node if need be. */
    String token(String letter) {
        cluster.node(name(letter), Map.of("it", network()));
        return cluster.agentToken(name(letter));
    }

    private String name(String letter) {
        return network() + "-" + letter;
    }

    /** A node that the network selects, with its agent. */
    TestNode join(String letter) throws IOException {
        TestNode node = node(letter);
        node.start();
        return node;
    }

    /** Says that the node belongs to that network, or to none. */
    void label(TestNode node, String value) throws IOException {
        kubectl("label", "--overwrite", "node", node.name(), "it=" + value);
    }

    /** Tells a node what the operator would: to go on to that generation of the network. */
    void order(TestNode node, long generation) throws IOException {
        await().until(() -> node.flannelNode().isPresent());
        kubectl(
                "patch",
                "fnode",
                node.name(),
                "--type=merge",
                "--patch={\"spec\":{\"networks\":{\"%s\":{\"generation\":%d}}}}".formatted(network(), generation));
    }

    /** Writes a lease of the network as one who may do everything. */
    GenericKubernetesResource lease(TestNode node, int third, String more) {
        return Resources.flannelx(
                "SubnetLease",
                leaseName(third),
                "{network: %s, nodeName: %s, subnet: %s%s}".formatted(network(), node.name(), subnet(third), more));
    }

    /** The lease of that subnet as it is by now. */
    Optional<GenericKubernetesResource> lease(int third) {
        return Optional.ofNullable(admin.genericKubernetesResources(ResourceTypes.LEASES)
                .withName(leaseName(third))
                .get());
    }

    String leaseName(int third) {
        return network() + "-" + subnet(third).replaceAll("[./]", "-");
    }

    /** The third number of the subnet that the node says it has. */
    int third(TestNode node) {
        Subnet subnet =
                Objects.requireNonNull(node.status(network()).orElseThrow().subnet());
        return Integer.parseInt(subnet.toString().split("\\.", -1)[2]);
    }

    /** What an add of that node as a peer writes. */
    String addOf(TestNode peer) {
        return "add %s %s %s data of %s"
                .formatted(subnet(third(peer)), peer.address().ipv4(), peer.name(), peer.name());
    }

    /** Waits until each node is ready with all the others, and with nothing besides. */
    void awaitSettled(TestNode... all) {
        for (TestNode node : all) {
            await().until(() -> node.isSettled(network(), all.length - 1));
        }
    }

    /** Waits until the node is not ready for that reason. */
    void awaitReason(TestNode node, String reason) {
        await().until(() -> node.status(network())
                .filter(status -> !status.ready() && status.reason().equals(reason))
                .isPresent());
    }

    /** The reasons of the events about that node. */
    List<String> events(TestNode node) {
        return events(uid(node)).map(Event::getReason).toList();
    }

    /** What the events about the network say. */
    List<String> notesOnNetwork() {
        String uid = admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(network())
                .get()
                .getMetadata()
                .getUid();
        return events(uid).map(Event::getNote).toList();
    }

    private Stream<Event> events(String uid) {
        return admin.events().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> uid.equals(event.getRegarding().getUid()));
    }

    /** The uid of the Node. */
    String uid(TestNode node) {
        return admin.nodes().withName(node.name()).get().getMetadata().getUid();
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(100));
    }

    void kubectl(String... arguments) throws IOException {
        server.kubectlOrFail(arguments);
    }

    /** Ends every agent, as a kill would, and deletes the networks. */
    void close() throws InterruptedException {
        for (TestNode node : nodes) {
            node.close();
        }
        networks.forEach(name -> admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(name)
                .delete());
        admin.close();
    }
}

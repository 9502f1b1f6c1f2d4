package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.OperatorObserver;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A cluster for operators, which see all of it: nodes with pretended agents, and operators that run by tokens of their own
 * under the shipped roles and policies. Closing it leaves nothing behind.
 */
final class OperatedCluster implements AutoCloseable, OperatorObserver {
    static final ElectionTiming QUICK =
            new ElectionTiming(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofMillis(500));

    private static final class Shared {
        private static final ApiServer SERVER = ApiServer.startInstalled();
    }

    final ApiServer server;
    final KubernetesClient admin;
    final MovableClock clock = new MovableClock();
    final MovableClock wall = new MovableClock();
    final AtomicInteger looks = new AtomicInteger();
    /** The network at which every operator comes upon a bug. */
    volatile String bugAt = "";

    private final Cluster cluster;
    private final Map<String, PretendedAgent> agents = new ConcurrentHashMap<>();
    private final List<ClusterOperator> operators = new ArrayList<>();
    private final List<KubernetesClient> clients = new ArrayList<>();
    private final Thread living;
    private volatile boolean closed;

    OperatedCluster() {
        server = Shared.SERVER;
        admin = server.admin();
        cluster = new Cluster(admin);
        living = Thread.ofPlatform().start(this::live);
    }

    /** Long enough for a machine that is busy with other things. */
    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));
    }

    /** Starts one. */
    ClusterOperator operator(String name) {
        return operator(name, new OperatorClocks(clock, monotonic(), wall));
    }

    ClusterOperator operator(String name, OperatorClocks clocks) {
        return operator(name, server.as(cluster.operatorToken(name)), clocks);
    }

    /** Starts one whose way to the API server leads by that URL. */
    ClusterOperator operatorBy(String url, String name) {
        Config config = new ConfigBuilder(server.config(cluster.operatorToken(name)))
                .withMasterUrl(url)
                .build();
        return operator(name, ApiServer.client(config), new OperatorClocks(clock, monotonic(), wall));
    }

    private ClusterOperator operator(String name, KubernetesClient client, OperatorClocks clocks) {
        clients.add(client);
        var operator = new ClusterOperator(client, new OperatorIdentity("flannelx-system", name), QUICK, clocks, this);
        operators.add(operator);
        operator.start();
        return operator;
    }

    static InstantSource monotonic() {
        return new MovableClock();
    }

    @Override
    public void reported(String network, NetworkReport report) {
        looks.incrementAndGet();
        if (network.equals(bugAt)) {
            throw new IllegalStateException("a bug at " + network);
        }
    }

    /** A Node that is ready, with an agent. */
    PretendedAgent node(String name, Map<String, String> labels) {
        cluster.node(name, labels);
        kubelet(name, "Ready", "True");
        var agent = new PretendedAgent(admin, name, agents.size() + 1);
        agents.put(name, agent);
        return agent;
    }

    PretendedAgent agent(String name) {
        return Objects.requireNonNull(agents.get(name));
    }

    /** What a kubelet, or whoever watches it, says of the node. */
    void kubelet(String node, String condition, String status) {
        Node current = admin.nodes().withName(node).require();
        var conditions = new ArrayList<>(
                current.getStatus() == null ? List.of() : current.getStatus().getConditions());
        conditions.removeIf(one -> condition.equals(one.getType()));
        String now = Instant.now().toString();
        admin.nodes()
                .resource(new NodeBuilder(current)
                        .withNewStatus()
                        .withConditions(conditions)
                        .addNewCondition()
                        .withType(condition)
                        .withStatus(status)
                        .withReason("Test")
                        .withMessage("test")
                        .withLastHeartbeatTime(now)
                        .withLastTransitionTime(now)
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    /** Creates the network, or changes its spec to that. */
    void network(String name, String spec) {
        GenericKubernetesResource wanted = Resources.flannelx("FlannelNetwork", name, spec);
        await("the network is written")
                .ignoreException(KubernetesClientException.class)
                .until(() -> {
                    GenericKubernetesResource there = find(ResourceTypes.NETWORKS, name);
                    if (there == null) {
                        admin.resource(wanted).create();
                    } else {
                        there.setAdditionalProperty(
                                "spec", wanted.getAdditionalProperties().get("spec"));
                        admin.resource(there).update();
                    }
                    return true;
                });
    }

    void delete(String network) {
        admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(network)
                .delete();
    }

    @Nullable
    GenericKubernetesResource find(ResourceDefinitionContext type, String name) {
        return admin.genericKubernetesResources(type).withName(name).get();
    }

    /** The network as the operator sees it. */
    OperatedNetwork network(String name) {
        return OperatedNetwork.of(admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(name)
                .require());
    }

    /** A condition's status and reason, as in {@code True/Valid}; empty where there is none. */
    String condition(String network, String type) {
        return network(network)
                .condition(type)
                .map(condition -> condition.getStatus() + "/" + condition.getReason())
                .orElse("");
    }

    String message(String network, String type) {
        return network(network).condition(type).map(Condition::getMessage).orElse("");
    }

    /** How many nodes are ready, of how many; empty before anybody said. */
    String ready(String network) {
        FlannelNetworkStatus status = network(network).status();
        return status == null || status.nodes() == null
                ? ""
                : Objects.requireNonNull(status.nodes().summary());
    }

    /** How many subnets nodes have; -1 before anybody said. */
    long allocated(String network) {
        FlannelNetworkStatus status = network(network).status();
        return status == null || status.subnets() == null
                ? -1
                : status.subnets().allocated();
    }

    NodeOrder order(String node, String network) {
        return flannelNode(node).orders().getOrDefault(network, NodeOrder.NONE);
    }

    SeenFlannelNode flannelNode(String name) {
        return FlannelNodeMapping.seen(admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName(name)
                .require());
    }

    /** The nodes that have applied a network with that add command. */
    List<String> nodesWith(String network, String addCommand) {
        return agents.keySet().stream()
                .filter(name -> agent(name).addCommand(network).equals(addCommand))
                .sorted()
                .toList();
    }

    List<String> leases() {
        return admin.genericKubernetesResources(ResourceTypes.LEASES).list().getItems().stream()
                .map(lease -> lease.getMetadata().getName())
                .sorted()
                .toList();
    }

    void kubectl(String... arguments) throws IOException {
        server.kubectlOrFail(arguments);
    }

    /** As they ship. */
    void restoreRoles() {
        try {
            kubectl("apply", "-k", "k8s/base");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void live() {
        while (!closed) {
            for (PretendedAgent agent : agents.values()) {
                try {
                    agent.look();
                } catch (IOException | KubernetesClientException e) {
                    // It looks again, as an agent would.
                }
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        operators.forEach(ClusterOperator::kill);
        closed = true;
        try {
            living.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .list()
                .getItems()
                .forEach(network -> {
                    network.getMetadata().setFinalizers(List.of());
                    admin.resource(network).update();
                });
        List.of(ResourceTypes.NETWORKS, ResourceTypes.FLANNEL_NODES, ResourceTypes.LEASES, ResourceTypes.NODES)
                .forEach(type -> admin.genericKubernetesResources(type).delete());
        admin.leases().inNamespace("flannelx-system").delete();
        admin.pods().inNamespace("flannelx-system").withGracePeriod(0).delete();
        clients.forEach(KubernetesClient::close);
        admin.close();
    }
}

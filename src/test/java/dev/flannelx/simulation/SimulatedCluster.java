package dev.flannelx.simulation;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.kube.resource.SubnetLeaseSpec;
import dev.flannelx.simulation.Operation.Answer;
import dev.flannelx.simulation.Operation.Claim;
import dev.flannelx.simulation.Operation.Freeing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A real API server, one network, agents of nodes whose machines are simulated, and operators. */
final class SimulatedCluster implements AutoCloseable {
    static final String NETWORK = "random";
    /** Few enough that nodes get in each other's way. */
    static final int SUBNETS = 15;

    private static final String LABEL = "flannelx.dev/random";
    /** Says what changes, whatever else somebody changes meanwhile. */
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private static final int REQUEST_TIMEOUT_MILLIS = 3000;
    private static final int TICK_MILLIS = 200;
    private static final int COMPARISON_SECONDS = 10;

    private final ApiServer server = ApiServer.startInstalled();
    /** Patient: right after a start or a compaction the API server asks for that. */
    private final KubernetesClient admin =
            ApiServer.client(new ConfigBuilder(server.admin().getConfiguration())
                    .withRequestRetryBackoffLimit(10)
                    .build());

    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<SimulatedOperator> operators = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private final Recording recording = new Recording();
    private int commands = 1;
    private String removalGrace = "1s";

    /** With nodes and two operators, none of which runs. */
    SimulatedCluster(int size, long seed, Path folder) {
        var made = new Cluster(admin);
        for (int number = 1; number <= size; number++) {
            var node = new SimulatedNode(this, number, folder.resolve("node" + number), new Random(seed + number));
            made.node(node.name(), Map.of(LABEL, "yes"));
            beReady(node.name());
            tokens.put(node.name(), made.agentToken(node.name()));
            nodes.add(node);
        }
        for (String name : List.of("operator-a", "operator-b")) {
            tokens.put(name, made.operatorToken(name));
            operators.add(new SimulatedOperator(this, name));
        }
        createNetwork();
        var _ = ticker.scheduleWithFixedDelay(
                () -> nodes.forEach(SimulatedNode::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** From now on agents compare as often as a test has patience for: no longer every ten minutes or so. */
    void compareOften() {
        var _ = ticker.scheduleWithFixedDelay(
                () -> nodes.forEach(SimulatedNode::compare), COMPARISON_SECONDS, COMPARISON_SECONDS, TimeUnit.SECONDS);
    }

    /** What a kubelet says of its node. */
    private void beReady(String node) {
        admin.nodes()
                .withName(node)
                .editStatus(found -> new NodeBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    void createNetwork() {
        admin.resource(Resources.flannelx("FlannelNetwork", NETWORK, spec())).create();
    }

    private String spec() {
        return """
                {network: 10.50.0.0/24, subnetLen: 28, nodeSelector: {%s: "yes"}, removalGrace: %3$s, teardownTimeout: 10s,
                 rollout: {maxUnavailable: "100%%", timeout: 24h},
                 backend: {type: extension, parallelism: 2, checkPeriod: 2s, retry: {initialDelay: 50ms, maxDelay: 1s},
                  preStartupCommand: pre, postStartupCommand: post, shutdownCommand: down, subnetAddCommand: add %2$d,
                  subnetRemoveCommand: remove %2$d, subnetCheckCommand: check, startupCheckCommand: check}}""".formatted(LABEL, commands, removalGrace);
    }

    ApiServer server() {
        return server;
    }

    /** A client that may do everything. */
    KubernetesClient admin() {
        return admin;
    }

    String url() {
        return server.url();
    }

    List<SimulatedNode> nodes() {
        return nodes;
    }

    List<SimulatedOperator> operators() {
        return operators;
    }

    Recording recording() {
        return recording;
    }

    /** A client as that node's agent, or that operator, on that way to the API server. */
    KubernetesClient client(String who, String url) {
        return ApiServer.client(new ConfigBuilder(server.config(tokens.get(who)))
                .withMasterUrl(url)
                .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                .build());
    }

    /** Says whether the node is one of the network's. */
    void label(String node, boolean joins) {
        var _ = admin.nodes()
                .withName(node)
                .patch(MERGE, "{\"metadata\": {\"labels\": {\"%s\": \"%s\"}}}".formatted(LABEL, joins ? "yes" : "no"));
    }

    /** Changes the commands with which peers are added and removed. */
    void changeCommands() {
        commands++;
        changeSpec();
    }

    /** Changes how long removals wait that look like an accident. */
    void removalGrace(String grace) {
        removalGrace = grace;
        changeSpec();
    }

    private void changeSpec() {
        patchNetwork(Resources.flannelx("FlannelNetwork", NETWORK, spec()).getAdditionalProperties());
    }

    /** Says whether the network's hooks are to be left alone. */
    void pause(boolean paused) {
        patchNetwork(Map.of("metadata", Map.of("annotations", Map.of(FlannelNetwork.PAUSED, String.valueOf(paused)))));
    }

    private void patchNetwork(Map<String, ?> change) {
        var _ = admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(NETWORK)
                .patch(MERGE, Serialization.asJson(change));
    }

    /** The network as it is in the cluster. */
    GenericKubernetesResource network() {
        return admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(NETWORK)
                .require();
    }

    /** Who has which subnet, by what etcd holds. */
    Map<String, SubnetLeaseSpec> leases() {
        var leases = new TreeMap<String, SubnetLeaseSpec>();
        admin.resources(SubnetLease.class).withField("spec.network", NETWORK).list().getItems().stream()
                .map(SubnetLease::getSpec)
                .forEach(lease -> leases.put(String.valueOf(lease.subnet()), lease));
        return leases;
    }

    /** The peers that a node should have by those leases, as subnet and arguments. */
    static Set<String> wanted(String node, Map<String, SubnetLeaseSpec> leases) {
        var wanted = new TreeSet<String>();
        leases.values().stream().filter(lease -> !lease.nodeName().equals(node)).forEach(lease -> {
            String data = Optional.ofNullable(lease.backendData()).orElse("");
            wanted.add("%s %s %s %s".formatted(lease.subnet(), lease.publicIP(), lease.nodeName(), data));
        });
        return wanted;
    }

    /** A node that is not simulated takes that subnet; false if somebody has it. */
    boolean occupy(String node, String subnet) {
        var lease = new SubnetLease();
        lease.setMetadata(new ObjectMetaBuilder().withName(leaseName(subnet)).build());
        lease.setSpec(new SubnetLeaseSpec(
                NETWORK, node, subnet, null, "198.51.100.1", null, "extension", "data of " + node, null, null));
        Recording.Begun begun = recording.begin(new Claim(node, subnet, Answer.LOST));
        boolean free = create(lease);
        begun.ended(new Claim(node, subnet, free ? Answer.HELD : Answer.TAKEN));
        return free;
    }

    private boolean create(SubnetLease lease) {
        try {
            admin.resource(lease).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** Somebody deletes the lease, whoever has it. */
    void free(String subnet) {
        var freeing = new Freeing(Freeing.PERSON, subnet, true);
        Recording.Begun begun = recording.begin(freeing);
        admin.resources(SubnetLease.class).withName(leaseName(subnet)).delete();
        begun.ended(freeing);
    }

    /** The subnet of that number, from 1. */
    static String subnet(int number) {
        return "10.50.0." + 16 * number + "/28";
    }

    private static String leaseName(String subnet) {
        return NETWORK + "-" + subnet.replaceAll("[./]", "-");
    }

    /** The subnet that a lease of that name is for. */
    static String subnetOf(String leaseName) {
        String subnet = leaseName.substring(NETWORK.length() + 1).replace('-', '.');
        int last = subnet.lastIndexOf('.');
        return subnet.substring(0, last) + "/" + subnet.substring(last + 1);
    }

    /** Starts every agent that does not live. */
    void startNodes() throws IOException {
        for (SimulatedNode node : nodes) {
            node.start();
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        operators.forEach(SimulatedOperator::close);
        nodes.forEach(SimulatedNode::close);
        admin.close();
        server.close();
    }
}

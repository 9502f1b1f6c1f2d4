package dev.flannelx.app.lab;

import dev.flannelx.host.MonotonicClock;
import dev.flannelx.ip.Cidr;
import dev.flannelx.kube.StoredLeases;
import dev.flannelx.kube.operator.ClusterOperator;
import dev.flannelx.kube.operator.ElectionTiming;
import dev.flannelx.kube.operator.OperatorClocks;
import dev.flannelx.kube.operator.OperatorIdentity;
import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.lab.Attachments;
import dev.flannelx.lab.ControlPlane;
import dev.flannelx.lab.LabMachine;
import dev.flannelx.lab.api.ApiServer;
import dev.flannelx.lab.api.ApiServerPrograms;
import dev.flannelx.lab.api.Deletions;
import dev.flannelx.lab.api.Kubelets;
import dev.flannelx.lab.api.ShippedResources;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkEncoder;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import dev.flannelx.reconcile.operator.OperatorObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An API server of its own, with what ships installed, an operator, and agents as they run on nodes: each with a token that
 * is bound to its Pod.
 */
public final class ApiControlPlane implements ControlPlane {
    /** In memory that goes with the sandbox. */
    private static final Path FOLDER = Path.of("/run/apiserver");

    private final ApiServer server;
    private final String version;
    private final Network network;
    private final KubernetesClient admin;
    private final Kubelets kubelets;
    private final Deletions deletions;
    private final ClusterOperator operator;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ticks").factory());
    private final Map<String, AgentPod> agents = new ConcurrentHashMap<>();

    private ApiControlPlane(ApiServer server, String version, Network network) throws IOException {
        this.server = server;
        this.version = version;
        this.network = network;
        admin = server.admin();
        ShippedResources.install(admin);
        kubelets = new Kubelets(admin);
        deletions = new Deletions(admin, new Pods());
        operator = new ClusterOperator(
                server.client(kubelets.unboundToken(Kubelets.OPERATOR)),
                new OperatorIdentity(Kubelets.NAMESPACE, Kubelets.OPERATOR),
                ElectionTiming.USUAL,
                OperatorClocks.of(new MonotonicClock()),
                new OperatorObserver() {});
        operator.start();
        var _ = ticker.scheduleWithFixedDelay(() -> agents.values().forEach(AgentPod::tick), 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Starts an API server, and applies the network.
     *
     * @param version of the agents
     */
    public static ApiControlPlane start(ApiServerPrograms programs, String version, Network network)
            throws IOException {
        var server = new ApiServer(programs, FOLDER);
        try {
            server.start();
            var controlPlane = new ApiControlPlane(server, version, network);
            String resource = NetworkEncoder.resource(network).toString();
            controlPlane
                    .admin
                    .load(new ByteArrayInputStream(resource.getBytes(StandardCharsets.UTF_8)))
                    .create();
            return controlPlane;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    ApiServer server() {
        return server;
    }

    /** Waits until the operator says that the network is ready; whether it did in time. */
    boolean awaitReady(Duration patience) {
        try {
            admin.resources(FlannelNetwork.class)
                    .withName(network.name())
                    .waitUntilCondition(ApiControlPlane::isReady, patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (KubernetesClientTimeoutException e) {
            return false;
        }
    }

    private static boolean isReady(FlannelNetwork network) {
        FlannelNetworkStatus status = network.getStatus();
        return status != null && status.isTrue(Aspect.READY.text());
    }

    @Override
    public void register(LabMachine machine) {
        List<String> addresses = Stream.of(
                        machine.publicAddress().ipv4(), machine.publicAddress().ipv6())
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList();
        Subnet podSubnet = machine.podSubnet();
        List<String> podCidrs = podSubnet == null
                ? List.of()
                : podSubnet.families().stream().map(Cidr::toString).toList();
        kubelets.register(machine.name(), addresses, podCidrs);
    }

    @Override
    public Agent start(LabMachine machine, Attachments attachments) throws IOException {
        var pod = new AgentPod(
                network.name(),
                version,
                machine,
                attachments,
                () -> server.client(kubelets.podToken(Kubelets.AGENT, machine.name())));
        pod.start();
        agents.put(machine.name(), pod);
        return pod;
    }

    @Override
    public void remove(String node) {
        admin.nodes().withName(node).delete();
    }

    @Override
    public List<Lease> leases() throws IOException {
        return List.copyOf(new StoredLeases(admin, network.name()).all().values());
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        deletions.close();
        operator.kill();
        agents.values().forEach(AgentPod::kill);
        server.close();
    }

    private final class Pods implements Deletions.Agents {
        @Override
        public void end(String node) {
            AgentPod pod = agents.remove(node);
            if (pod != null) {
                pod.stop();
            }
        }

        @Override
        public void restart(String node, Runnable podGone) {
            AgentPod pod = agents.get(node);
            if (pod != null) {
                pod.stop();
            }
            podGone.run();
            if (pod != null) {
                try {
                    pod.start();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}

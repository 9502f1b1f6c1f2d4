package dev.flannelx.app.lab;

import dev.flannelx.kube.LeaseMapping;
import dev.flannelx.kube.ParsedLease;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.lab.Attachments;
import dev.flannelx.lab.ControlPlane;
import dev.flannelx.lab.LabMachine;
import dev.flannelx.lab.api.ApiServer;
import dev.flannelx.lab.api.ApiServerPrograms;
import dev.flannelx.lab.api.Deletions;
import dev.flannelx.lab.api.Kubelets;
import dev.flannelx.lab.api.ShippedResources;
import dev.flannelx.lease.Lease;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkEncoder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An API server of its own, with what ships installed, and agents as they run on nodes: each with a token that is bound to
 * its Pod.
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
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ticks").factory());
    private final Map<String, AgentPod> agents = new ConcurrentHashMap<>();

    private ApiControlPlane(ApiServer server, String version, Network network) {
        this.server = server;
        this.version = version;
        this.network = network;
        admin = server.admin();
        kubelets = new Kubelets(admin);
        deletions = new Deletions(admin, new Pods());
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
            ShippedResources.install(controlPlane.admin);
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

    @Override
    public void register(LabMachine machine) {
        List<String> addresses = Stream.of(
                        machine.publicAddress().ipv4(), machine.publicAddress().ipv6())
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList();
        kubelets.register(machine.name(), addresses, List.of());
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
    public List<Lease> leases() {
        return admin.genericKubernetesResources(ResourceTypes.LEASES).list().getItems().stream()
                .map(LeaseMapping::parse)
                .<Lease>mapMulti((parsed, sink) -> {
                    if (parsed instanceof ParsedLease.Understood(Lease lease)) {
                        sink.accept(lease);
                    }
                })
                .filter(lease -> lease.network().equals(network.name()))
                .toList();
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        deletions.close();
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

package dev.flannelx.app.lab;

import dev.flannelx.app.agent.AgentMeans;
import dev.flannelx.app.agent.AgentSettings;
import dev.flannelx.app.agent.AgentSettings.Additions;
import dev.flannelx.app.agent.AgentSettings.Choices;
import dev.flannelx.app.agent.AgentWiring;
import dev.flannelx.app.agent.NodeAgent;
import dev.flannelx.app.agent.Observers;
import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.lab.Attachments;
import dev.flannelx.lab.ControlPlane;
import dev.flannelx.lab.LabMachine;
import dev.flannelx.reconcile.NetworkStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The agent of a node of the lab as it runs on real nodes: one after the other, each as if in a Pod of its own. */
final class AgentPod implements ControlPlane.Agent {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final String network;
    private final String version;
    private final LabMachine machine;
    private final Attachments attachments;
    private final Supplier<KubernetesClient> clients;
    private volatile @Nullable Running running;

    private record Running(NodeAgent agent, KubernetesClient client) {}

    /**
     * A Pod in which nothing runs yet.
     *
     * @param network the one whose status the lab wants
     * @param version of the agent
     * @param clients makes one with the token of a Pod of its own
     */
    AgentPod(
            String network,
            String version,
            LabMachine machine,
            Attachments attachments,
            Supplier<KubernetesClient> clients) {
        this.network = network;
        this.version = version;
        this.machine = machine;
        this.attachments = attachments;
        this.clients = clients;
    }

    synchronized void start() throws IOException {
        KubernetesClient client = clients.get();
        var means = new AgentMeans(
                client, new SimpleMeterRegistry(), InstantSource.system(), new MonotonicClock(), attachments.random());
        NodeAgent agent = AgentWiring.agent(settings(), means);
        running = new Running(agent, client);
        agent.start();
    }

    private AgentSettings settings() throws IOException {
        Path run = Files.createDirectories(machine.directory().resolve("flannelx"));
        Path flannel = Files.createDirectories(machine.directory().resolve("flannel"));
        return new AgentSettings(
                machine.name(),
                version,
                new AgentSettings.Machine(new Places(run, flannel, null), machine.networkNamespace(), machine.enter()),
                new Choices(machine.publicAddress(), null, null, false, false, GRACE),
                new Additions(
                        attachments.runner(),
                        own -> new Publications(own, attachments.publication()),
                        own -> new Observers(own, attachments.observer())));
    }

    /** To be called every second or so. */
    void tick() {
        Running now = running;
        if (now != null) {
            now.agent().tick();
        }
    }

    @Override
    public Optional<NetworkStatus> status() {
        Running now = running;
        return now == null
                ? Optional.empty()
                : now.agent().statuses().stream()
                        .filter(status -> status.network().equals(network))
                        .findFirst();
    }

    @Override
    public synchronized void kill() {
        Running now = running;
        if (now != null) {
            end(now, now.agent()::kill);
        }
    }

    @Override
    public synchronized void stop() {
        Running now = running;
        if (now != null) {
            end(now, now.agent()::stop);
        }
    }

    private interface Ending {
        void run() throws InterruptedException;
    }

    private void end(Running now, Ending ending) {
        running = null;
        try {
            ending.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now.client().close();
    }
}

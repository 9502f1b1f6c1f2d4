package dev.flannelx.app.agent;

import dev.flannelx.ScratchFolder;
import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.ip.Address;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.reconcile.NetworkStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node with an agent as on a real one, but for its machine: what it publishes goes to a folder, and its hooks run in
 * this process's own network, so they should do nothing but write to files.
 */
public final class TestNode implements AutoCloseable {
    private final String name;
    private final int number;
    private final Path folder;
    private final KubernetesClient client;
    private final KubernetesClient admin;
    private final PublicAddress address;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private AgentSettings.Choices choices;
    private @Nullable NodeAgent agent;

    /**
     * One without an agent.
     *
     * @param folder for everything that it writes; kept from one agent to the next
     * @param client the agent's, closed with the node
     * @param admin to look at what the agent wrote
     */
    public TestNode(String name, int number, Path folder, KubernetesClient client, KubernetesClient admin) {
        this.name = name;
        this.number = number;
        this.folder = folder;
        this.client = client;
        this.admin = admin;
        address = new PublicAddress(Address.parse("192.0.2." + number).orElseThrow(), null);
        choices = AgentSettings.Choices.DEFAULT.withPublicAddress(address).withGrace(Duration.ofSeconds(10));
        var _ = ticker.scheduleWithFixedDelay(this::tick, 200, 200, TimeUnit.MILLISECONDS);
    }

    /** What the next agent is to be told. */
    public TestNode choose(AgentSettings.Choices newChoices) {
        choices = newChoices;
        return this;
    }

    public AgentSettings.Choices choices() {
        return choices;
    }

    public String name() {
        return name;
    }

    public PublicAddress address() {
        return address;
    }

    int number() {
        return number;
    }

    /** What it was made with: nodes share it. */
    Path folder() {
        return folder;
    }

    /** A folder with a folder per network, as {@code /run/flannelx}. */
    public Path run() {
        return machine().resolve("flannelx");
    }

    /** As {@code /run/flannel/subnet.env}. */
    public Path subnetEnv() {
        return machine().resolve("flannel/subnet.env");
    }

    /** As {@code /etc/cni/net.d/10-flannelx.conflist}. */
    Path conflist() {
        return cni().resolve("10-flannelx.conflist");
    }

    private Path cni() {
        return machine().resolve("cni");
    }

    private Path machine() {
        return folder.resolve(name);
    }

    /** Starts an agent on what the last one left. */
    public NodeAgent start() throws IOException {
        NodeAgent started = another();
        agent = started;
        started.start();
        return started;
    }

    /** An agent that is not started, and is the caller's to end. */
    public NodeAgent another() throws IOException {
        var places = new Places(run(), machine().resolve("flannel"), cni());
        return AgentWiring.agent(
                AgentSettings.of(name, "test", places, choices),
                new AgentMeans(
                        client, new SimpleMeterRegistry(), InstantSource.system(), new MonotonicClock(), new Random()));
    }

    public NodeAgent agent() {
        if (agent == null) {
            throw new IllegalStateException("no agent on " + name);
        }
        return agent;
    }

    public boolean isReady() {
        return agent().readiness().isReady();
    }

    /** Where the agent says that the node stands. */
    public Optional<NetworkStatus> status(String network) {
        return agent().statuses().stream()
                .filter(status -> status.network().equals(network))
                .findFirst();
    }

    /** Whether the node is ready, with that many peers applied and none besides. */
    public boolean isSettled(String network, int peers) {
        return status(network)
                .filter(status -> status.ready() && status.peers().equals(new NetworkStatus.Peers(peers, peers, 0, 0)))
                .isPresent();
    }

    /** What the agent has written into the cluster. */
    public Optional<SeenFlannelNode> flannelNode() {
        return Optional.ofNullable(admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                        .withName(name)
                        .get())
                .map(FlannelNodeMapping::seen);
    }

    /** What the agent has written into the cluster about a network. */
    public Optional<NetworkStatus> written(String network) {
        return flannelNode().map(node -> node.networks().get(network));
    }

    /** A line for each hook that ran, if they write to {@code $LOG/$LOCAL_NODE}. */
    public List<String> hooks(Path log) throws IOException {
        Path file = log.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    public void stop() throws InterruptedException {
        if (agent != null) {
            NodeAgent ending = agent;
            agent = null;
            ending.stop();
        }
    }

    public void kill() throws InterruptedException {
        if (agent != null) {
            NodeAgent ending = agent;
            agent = null;
            ending.kill();
        }
    }

    /** Ends the agent as a loss of power would, which takes what is in memory with it, {@code /run} too. */
    public void reboot() throws IOException, InterruptedException {
        kill();
        if (Files.exists(run())) {
            ScratchFolder.delete(run());
        }
    }

    private void tick() {
        NodeAgent current = agent;
        if (current != null) {
            current.tick();
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}

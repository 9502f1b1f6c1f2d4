package dev.flannelx.simulation;

import dev.flannelx.ScratchFolder;
import dev.flannelx.app.agent.AgentMeans;
import dev.flannelx.app.agent.AgentSettings;
import dev.flannelx.app.agent.AgentSettings.Additions;
import dev.flannelx.app.agent.AgentSettings.Choices;
import dev.flannelx.app.agent.AgentSettings.Machine;
import dev.flannelx.app.agent.AgentWiring;
import dev.flannelx.app.agent.NodeAgent;
import dev.flannelx.app.agent.Observers;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.ip.Address;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.ReconcileObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A node with the agent that ships, but for its machine, which is simulated. Its files last, agents come and go, and the
 * way to the API server is bad.
 */
final class SimulatedNode implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final SimulatedCluster cluster;
    private final int number;
    private final Path folder;
    private final Random random;
    private final SimulatedMachine machine;
    private final FaultProxy proxy;
    private final SkewedClock wall = new SkewedClock();
    private int moves;
    private boolean joined = true;
    private volatile boolean abandoned;
    private volatile Optional<Life> life = Optional.empty();

    /** An agent, while it lives. */
    private record Life(KubernetesClient client, NodeAgent agent) {}

    SimulatedNode(SimulatedCluster cluster, int number, Path folder, Random random) {
        this.cluster = cluster;
        this.number = number;
        this.folder = folder;
        this.random = random;
        machine = new SimulatedMachine(name(), random, cluster.recording());
        proxy = new FaultProxy(cluster.url(), Faults.NONE, new LeaseTap(name(), cluster.recording()));
    }

    String name() {
        return "node" + number;
    }

    SimulatedMachine machine() {
        return machine;
    }

    FaultProxy proxy() {
        return proxy;
    }

    SkewedClock wall() {
        return wall;
    }

    /** Whether it is a node of the network, as far as anybody wants it. */
    boolean isJoined() {
        return joined;
    }

    /** Starts an agent on what the last one left, unless one lives. */
    void start() throws IOException {
        if (life.isPresent()) {
            return;
        }
        KubernetesClient client = cluster.client(name(), proxy.url());
        var places = new Places(run(), folder.resolve("flannel"), folder.resolve("cni"));
        NodeAgent agent = AgentWiring.agent(
                new AgentSettings(
                        name(),
                        "test",
                        new Machine(places, Path.of("/proc/self/ns/net"), _ -> List.of()),
                        new Choices(address(), null, null, false, false, GRACE),
                        new Additions(_ -> machine, UnaryOperator.identity(), this::watched)),
                new AgentMeans(client, new SimpleMeterRegistry(), wall, new MonotonicClock(), random));
        abandoned = false;
        life = Optional.of(new Life(client, agent));
        agent.start();
    }

    /** An observer that also hears when a removal is given up until the next agent. */
    private ReconcileObserver watched(ReconcileObserver observer) {
        return new Observers(observer, new ReconcileObserver() {
            @Override
            public void hookAbandoned(HookInvocation invocation, int attempts) {
                abandoned = true;
            }
        });
    }

    /** What the agent is to be called with every second or so. */
    void tick() {
        life.ifPresent(it -> it.agent().tick());
    }

    /** Ends it as kill -9 would: what it has begun may still come to pass. */
    void kill() throws InterruptedException {
        if (life.isPresent()) {
            Life ending = life.get();
            life = Optional.empty();
            ending.agent().kill();
            ending.client().close();
        }
    }

    /** Ends it in good order. */
    void stop() throws InterruptedException {
        if (life.isPresent()) {
            Life ending = life.get();
            life = Optional.empty();
            ending.agent().stop();
            ending.client().close();
        }
    }

    /** Loses power, and with it what hooks made and all that is in memory, {@code /run} too. */
    void reboot() throws IOException, InterruptedException {
        kill();
        machine.reboot();
        if (Files.exists(run())) {
            ScratchFolder.delete(run());
        }
    }

    void join() {
        joined = true;
        cluster.label(name(), true);
    }

    void leave() {
        joined = false;
        cluster.label(name(), false);
    }

    /** Its next agent finds another address. */
    void move() {
        moves++;
    }

    /** What the agent does now and then. */
    void compare() {
        life.ifPresent(it -> it.agent().compare());
    }

    /** Where the agent says that the node stands with the network, if it has to do with it. */
    Optional<NetworkStatus> status() {
        return life.stream()
                .flatMap(it -> it.agent().statuses().stream())
                .filter(status -> status.network().equals(SimulatedCluster.NETWORK))
                .findFirst();
    }

    /** Whether nothing is left here of the network, as far as the agent knows. */
    boolean hasForgotten() {
        return life.isPresent() && life.get().agent().readiness().isReady() && status().isEmpty();
    }

    /** Whether some removal was given up until the next agent. */
    boolean hasAbandoned() {
        return abandoned;
    }

    private Path run() {
        return folder.resolve("run");
    }

    private PublicAddress address() {
        String address = "192.0.%d.%d".formatted(2 + moves % 200, number);
        return new PublicAddress(Address.parse(address).orElseThrow(), null);
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        proxy.close();
    }
}

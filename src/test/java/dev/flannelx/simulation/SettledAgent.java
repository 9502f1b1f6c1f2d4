package dev.flannelx.simulation;

import dev.flannelx.app.agent.AgentMeans;
import dev.flannelx.app.agent.AgentSettings;
import dev.flannelx.app.agent.AgentSettings.Additions;
import dev.flannelx.app.agent.AgentSettings.Choices;
import dev.flannelx.app.agent.AgentSettings.Machine;
import dev.flannelx.app.agent.AgentWiring;
import dev.flannelx.app.agent.NodeAgent;
import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.ip.Address;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.ScriptedFaults;
import dev.flannelx.lease.PublicAddress;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * One agent that has nothing to do any more, whose clock goes {@value #SPEED} times as fast as it should, and all that it
 * asks of the API server.
 */
public final class SettledAgent implements AutoCloseable {
    private static final int SPEED = 120;
    private static final int TICK_MILLIS = 25;
    private static final String NAME = "settled";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Its own: where tests share one, there are networks of theirs that select every node. */
    private final ApiServer server = ApiServer.startInstalled();

    private final KubernetesClient admin = server.admin();
    private final ScriptedFaults recorder = new ScriptedFaults();
    private final FaultProxy proxy = new FaultProxy(server.url(), recorder);
    private final InstantSource clock = new FastClock();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
    private final KubernetesClient client;
    private final NodeAgent agent;

    private static final class FastClock implements InstantSource {
        private final Instant start = Instant.now();
        private final long startNanos = System.nanoTime();

        @Override
        public Instant instant() {
            return start.plusNanos(SPEED * (System.nanoTime() - startNanos));
        }
    }

    /** What was asked, as {@code GET /path?query}. */
    public record Requests(List<String> all) {
        /** Whole lists, be they only of what a field selects. */
        public List<String> lists() {
            return all.stream()
                    .filter(request -> request.startsWith("GET ") && !isWatch(request) && isOfMany(request))
                    .toList();
        }

        public List<String> writes() {
            return all.stream().filter(request -> !request.startsWith("GET ")).toList();
        }

        /** Of single resources. */
        public List<String> reads() {
            return all.stream()
                    .filter(request -> request.startsWith("GET ") && !isWatch(request) && !isOfMany(request))
                    .toList();
        }

        private static boolean isWatch(String request) {
            return request.contains("watch=true");
        }

        private static boolean isOfMany(String request) {
            return request.contains("resourceVersion");
        }
    }

    /** Starts one, and waits until it has settled. */
    public SettledAgent(Path folder) throws IOException {
        var cluster = new Cluster(admin);
        cluster.node(NAME, Map.of("it", NAME));
        admin.resource(Resources.flannelx("FlannelNetwork", NAME, """
                        {network: 10.99.0.0/16, nodeSelector: {it: %s},
                         backend: {type: extension, mtu: 1400, subnetAddCommand: add, subnetRemoveCommand: remove}}""".formatted(NAME)))
                .create();
        client = ApiServer.client(new ConfigBuilder(server.config(cluster.agentToken(NAME)))
                .withMasterUrl(proxy.url())
                .build());
        var machine = new SimulatedMachine(NAME, new Random(), new Recording());
        agent = AgentWiring.agent(
                new AgentSettings(
                        NAME,
                        "test",
                        new Machine(
                                new Places(folder.resolve("run"), folder.resolve("flannel"), folder.resolve("cni")),
                                Path.of("/proc/self/ns/net"),
                                _ -> List.of()),
                        new Choices(
                                new PublicAddress(Address.parse("192.0.2.1").orElseThrow(), null),
                                null,
                                null,
                                false,
                                false,
                                Duration.ZERO),
                        new Additions(_ -> machine, UnaryOperator.identity(), UnaryOperator.identity())),
                new AgentMeans(client, new SimpleMeterRegistry(), clock, clock, new Random()));
        agent.start();
        var _ = ticker.scheduleAtFixedRate(agent::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        Awaitility.await("the agent is ready")
                .atMost(PATIENCE)
                .until(() -> agent.readiness().isReady());
        // What it has to say of that has been said.
        pass(Duration.ofMinutes(10));
    }

    /** Lets so much time pass, by the agent's clock; what it asked meanwhile. */
    public Requests pass(Duration time) {
        int before = recorder.asked().size();
        Instant end = clock.instant().plus(time);
        Awaitility.await("time passes").atMost(time).until(() -> clock.instant().isAfter(end));
        List<String> asked = recorder.asked();
        return new Requests(List.copyOf(asked.subList(before, asked.size())));
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        try {
            agent.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.genericKubernetesResources(ResourceTypes.NETWORKS).withName(NAME).delete();
        admin.close();
        client.close();
        proxy.close();
    }
}

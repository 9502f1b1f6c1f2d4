package dev.flannelx.metrics;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lab.MemoryLeases;
import dev.flannelx.lab.api.Ports;
import dev.flannelx.lease.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What a Prometheus has to look at where much goes wrong. On {@code node1} a real agent runs real hooks of four networks:
 * {@code demo}, whose adds work for some peers and fail in three ways for others, and whose remove fails for one;
 * {@code garbled} and {@code homeless}, whose preStartup prints what is no data, or puts a file in place of the directory that
 * it runs in; and {@code stolen}, whose subnet another node took. {@code node2} has been silent for hours, {@code node3} is down, and an operator leads
 * that has little left to hand out.
 */
final class MonitoredCluster implements AutoCloseable {
    private static final String DEMO = """
            preStartupCommand: 'echo preStartup success >>LOG; echo secret'
            postStartupCommand: 'echo postStartup success >>LOG'
            subnetAddCommand: |
              case $NODE in
                refuses) echo subnetAdd exit >>LOG; echo no way >&2; exit 3;;
                hangs) echo subnetAdd timeout >>LOG; sleep 60;;
                dies) echo subnetAdd signal >>LOG; kill -9 $$;;
                *) echo subnetAdd success >>LOG; sleep 0.02;;
              esac
            subnetRemoveCommand: |
              case $NODE in
                clings) echo subnetRemove exit >>LOG; exit 1;;
                *) echo subnetRemove success >>LOG;;
              esac
            subnetCheckCommand: 'echo subnetCheck success >>LOG'
            """;

    final Instant start = Instant.now();
    final PrometheusServer prometheus;
    final HookedNetwork demo;
    private final Path log;
    private final MetricsEndpoint node1 = new MetricsEndpoint();
    private final MetricsEndpoint node2 = new MetricsEndpoint();
    private final MetricsEndpoint operators = new MetricsEndpoint();
    private final AgentMetrics agent = new AgentMetrics(node1.meters(), "1.2.3");
    private final OperatorMetrics operator = new OperatorMetrics(operators.meters(), "1.2.3");
    private final MemoryLeases leases = new MemoryLeases();
    private final HookedNetwork garbled;
    private final HookedNetwork homeless;
    private final HookedNetwork stolen;
    private @Nullable Instant leaderless;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();

    MonitoredCluster(Path folder) throws IOException {
        log = folder.resolve("hooks.log");
        demo = network("demo", folder, leases, DEMO.replace("LOG", log.toString()));
        garbled = network("garbled", folder, new MemoryLeases(), "preStartupCommand: printf '\\001'");
        homeless = network(
                "homeless", folder, new MemoryLeases(), "preStartupCommand: d=$PWD; cd /; rmdir $d; touch $d; exit 1");
        stolen = stolen(folder);
        silentAgent();
        prometheus = new PrometheusServer(
                folder,
                List.of(
                        new PrometheusServer.Target("flannelx-agent", "node1", node1.port()),
                        new PrometheusServer.Target("flannelx-agent", "node2", node2.port()),
                        new PrometheusServer.Target("flannelx-agent", "node3", Ports.free()),
                        new PrometheusServer.Target("flannelx-operator", "node2", operators.port())));
    }

    private HookedNetwork network(String name, Path folder, MemoryLeases theirLeases, String backend)
            throws IOException {
        return new HookedNetwork(name, folder, theirLeases, agent, backend);
    }

    /** Its agent was down while its lease went and another node took the subnet. */
    private HookedNetwork stolen(Path folder) throws IOException {
        var theirLeases = new MemoryLeases();
        HookedNetwork before = network("stolen", folder, theirLeases, "subnetAddCommand: 'true'");
        before.start();
        await(() -> before.status().ready());
        Subnet subnet = theirLeases.all().getFirst().subnet();
        before.stop();
        theirLeases.delete("node1");
        HookedNetwork after = network("stolen", folder, theirLeases, "subnetAddCommand: 'true'");
        after.join("thief", subnet);
        return after;
    }

    private void silentAgent() {
        Instant longAgo = start.minus(Duration.ofHours(4));
        var silent = new AgentMetrics(node2.meters(), "1.2.2");
        silent.heartbeat(true, longAgo);
        silent.network("demo").synced(longAgo);
    }

    /** Lets everything happen, once Prometheus has seen how it was before. */
    void run() throws IOException, InterruptedException {
        prometheus.awaitReady();
        await(() -> !prometheus.query("flannelx_leader").isEmpty()
                && !prometheus
                        .query("flannelx_convergence_seconds_count{instance='node1', network='demo'}")
                        .isEmpty());
        // A large heap may otherwise see no collection for as long as a test waits.
        System.gc();
        agent.heartbeat(true, Instant.now());
        agent.heartbeat(false, Instant.now());
        leaderless = lastScrape("flannelx_leader");
        operator.leading(true);
        operator.network("demo", new NetworkFigures(240, 254, 8, 5, 4, true));
        for (HookedNetwork network : List.of(demo, garbled, homeless, stolen)) {
            network.start();
            var _ = ticks.scheduleAtFixedRate(network::tick, 0, 200, TimeUnit.MILLISECONDS);
        }
        int number = 1;
        for (String node : List.of("good1", "good2", "clings", "refuses", "hangs", "dies")) {
            demo.join(node, new Subnet(Cidr.parse("10.50." + number++ + ".0/24").orElseThrow(), null));
        }
        await(() -> demo.status().ready() && demo.status().peers().applied() == 3);
    }

    /** A scrape that began before now may still be answered later: only the time of a sample says what was scraped. */
    private Instant lastScrape(String metric) throws IOException, InterruptedException {
        double seconds =
                prometheus.query("timestamp(" + metric + ")").getFirst().value();
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
    }

    /** The peer goes whose remove fails. */
    void removeWhatClings() {
        leases.delete("clings");
        await(() ->
                demo.status().peers().desired() == 5 && demo.status().peers().removing() == 0);
    }

    /** A moment at which nobody led. */
    Instant leaderless() {
        return Objects.requireNonNull(leaderless);
    }

    AgentMetrics metricsOfNode1() {
        return agent;
    }

    /** How often each hook of {@code demo} ran and how it ended, such as {@code subnetAdd timeout}, by its own word. */
    Map<String, Double> ranByTheirOwnWord() throws IOException {
        var counts = new TreeMap<String, Double>();
        Files.readAllLines(log).forEach(line -> counts.merge(line, 1.0, Double::sum));
        return counts;
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    @Override
    public void close() {
        ticks.close();
        List.of(demo, garbled, homeless, stolen).forEach(HookedNetwork::close);
        prometheus.close();
        node1.close();
        node2.close();
        operators.close();
    }
}

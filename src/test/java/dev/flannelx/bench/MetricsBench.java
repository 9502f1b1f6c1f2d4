package dev.flannelx.bench;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.host.FileJournal;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lab.MemoryLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.metrics.AgentMetrics;
import dev.flannelx.metrics.NetworkMetrics;
import dev.flannelx.metrics.ScrapedRegistry;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.AgentOptions;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.NetworkAgent;
import dev.flannelx.reconcile.Ports;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.Self;
import io.micrometer.core.instrument.Clock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What metrics cost an agent with 5,000 peers: a scrape, with the reading of the status in it, and the observation of one
 * hook. The engine is the real one; its hooks do nothing.
 */
public final class MetricsBench {
    private static final int PEERS = 5_000;
    private static final int SCRAPES = 300;
    private static final int OBSERVATIONS = 2_000_000;
    /** Longer than a reading of the status is kept, so that each scrape has to read it. */
    private static final long BETWEEN_SCRAPES_MILLIS = 101;

    private static final PublicAddress ADDRESS =
            new PublicAddress(Address.parse("192.0.2.1").orElseThrow(), null);

    private MetricsBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("flannelx-metrics-bench");
        try {
            measure(folder);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void measure(Path folder) throws Exception {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        try (var metrics = new AgentMetrics(registry.meters(), "bench");
                NetworkMetrics network = metrics.network("demo")) {
            NetworkAgent agent = start(folder, network);
            long[] scrapes = new long[SCRAPES];
            long[] readings = new long[SCRAPES];
            for (int i = 0; i < SCRAPES; i++) {
                Thread.sleep(BETWEEN_SCRAPES_MILLIS);
                scrapes[i] = nanos(registry::text);
                readings[i] = nanos(agent::status);
            }
            String text = registry.text();
            System.out.printf("%d peers, %d scrapes%n", PEERS, SCRAPES);
            System.out.printf(
                    "scrape: %s, %d series, %d bytes%n",
                    quantiles(scrapes),
                    text.lines().filter(line -> !line.startsWith("#")).count(),
                    text.length());
            System.out.printf("of that, reading the status: %s%n", quantiles(readings));
            System.out.printf("observing one hook: %d ns%n", observing(network));
            agent.stop(Duration.ofSeconds(10));
        }
    }

    private static NetworkAgent start(Path folder, NetworkMetrics metrics) throws IOException {
        Network network = Specs.whole(
                "network: 10.0.0.0/8\nbackend: {type: extension, subnetAddCommand: a, subnetRemoveCommand: r}");
        var leases = new MemoryLeases();
        for (int i = 1; i <= PEERS; i++) {
            leases.create(lease(network, i));
        }
        var agent = new NetworkAgent(
                network.name(),
                new Ports(
                        leases,
                        new NoHooks(),
                        new FileJournal(folder.resolve("journal"), "bench"),
                        new NoPublication(),
                        metrics),
                new Self("self", "uid-self", ADDRESS, null),
                AgentOptions.DEFAULT,
                new MonotonicClock(),
                new Random(1));
        metrics.watch(agent::status, agent::queue);
        agent.start();
        agent.want(new Directive.Join(network, "uid", 1, true));
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> agent.status().peers().applied() == PEERS);
        return agent;
    }

    private static Lease lease(Network network, int number) {
        Address base = Address.parse("10.0.0.0").orElseThrow();
        String subnet = base.plus(BigInteger.valueOf(256L * number)) + "/24";
        return new Lease(
                network.name(),
                "node" + number,
                "uid" + number,
                new Subnet(Cidr.parse(subnet).orElseThrow(), null),
                ADDRESS,
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }

    /** The best of five runs, after one that warms up. */
    private static long observing(NetworkMetrics network) {
        var local = new Local("self", ADDRESS, null);
        HookInvocation invocation = new HookInvocation.ForNode(Hook.SUBNET_ADD, "a", local);
        HookOutcome outcome = new HookOutcome.Succeeded("", "", Duration.ofMillis(3));
        LongUnaryOperator run = round -> nanos(() -> {
            for (int i = 0; i < OBSERVATIONS; i++) {
                network.hookFinished(invocation, outcome, 1);
            }
        });
        return LongStream.rangeClosed(0, 5).map(run).skip(1).min().orElseThrow() / OBSERVATIONS;
    }

    private static long nanos(Runnable what) {
        long start = System.nanoTime();
        what.run();
        return System.nanoTime() - start;
    }

    private static String quantiles(long[] nanos) {
        Arrays.sort(nanos);
        return "p50 %.2f ms, p99 %.2f ms"
                .formatted(nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static final class NoHooks implements HookRunner {
        @Override
        public HookOutcome run(HookRun run) {
            return new HookOutcome.Succeeded("", "", Duration.ofMillis(3));
        }

        @Override
        public void endSurvivors(Set<String> runs) {}
    }

    private static final class NoPublication implements Publication {
        @Override
        public void publish(Network network, Subnet subnet) {}

        @Override
        public void withdraw(Network network) {}
    }
}

package dev.flannelx.bench;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.metrics.AgentMetrics;
import dev.flannelx.metrics.NetworkMetrics;
import dev.flannelx.metrics.ScrapedRegistry;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.NetworkAgent;
import io.micrometer.core.instrument.Clock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/** What metrics cost an agent with many peers: a scrape, with the reading of the status in it, and one hook's observation. */
final class MetricsBench implements Bench {
    private static final int PEERS = 5_000;
    private static final int SCRAPES = 300;
    private static final int OBSERVATIONS = 2_000_000;
    /** Longer than a reading of the status is kept, so that each scrape has to read it. */
    private static final long BETWEEN_SCRAPES_MILLIS = 101;

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String title() {
        return "%d scrapes of an agent with %d peers, and the observation of one hook".formatted(SCRAPES, PEERS);
    }

    @Override
    public boolean inSandbox() {
        return true;
    }

    @Override
    public void run(PrintStream out) throws Exception {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        Network network = Routes.example("host-gw.json", 1);
        try (var metrics = new AgentMetrics(registry.meters(), "bench");
                NetworkMetrics meters = metrics.network(network.name());
                var engine = new Engine(
                        network,
                        Engine.peers(network, PEERS),
                        Engine.NO_HOOKS,
                        Engine.journal(Path.of("/run/flannelx-bench")),
                        meters)) {
            NetworkAgent agent = engine.agent();
            meters.watch(agent::status, agent::queue);
            engine.start();
            engine.awaitConverged(PEERS);
            scrape(out, registry, agent);
            out.printf("  observing one hook                %d ns%n", observing(meters));
        }
    }

    private static void scrape(PrintStream out, ScrapedRegistry registry, NetworkAgent agent)
            throws InterruptedException {
        long[] scrapes = new long[SCRAPES];
        long[] readings = new long[SCRAPES];
        for (int i = 0; i < SCRAPES; i++) {
            Thread.sleep(BETWEEN_SCRAPES_MILLIS);
            scrapes[i] = nanos(registry::text);
            readings[i] = nanos(agent::status);
        }
        String text = registry.text();
        long series = text.lines().filter(line -> !line.startsWith("#")).count();
        out.printf(
                "  scrape                            %s, %d series, %d bytes%n",
                quantiles(scrapes), series, text.length());
        out.printf("  of that, reading the status       %s%n", quantiles(readings));
    }

    /** The best of five runs, after one that warms up. */
    private static long observing(NetworkMetrics network) {
        var local = new Local("self", Engine.address(0), null);
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
}

package dev.flannelx.bench;

import dev.flannelx.lease.Lease;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Nodes that join all at once, each with a watch of its own on all the others, against a real API server on this machine.
 * The floor is what that API server takes for as many creates while nobody watches.
 */
final class JoinBench implements Bench {
    private static final int NODES = 1_000;
    private static final int AT_ONCE = 32;
    private static final int JOINS = 30;
    private static final double MOST_CREATES = 1.2;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "join";
    }

    @Override
    public String title() {
        return "%,d nodes join a network of %,d subnets at once, on a real API server, each watching all others"
                .formatted(NODES, Crowd.SUBNETS);
    }

    @Override
    public String heap() {
        return "3g";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        try (var crowd = new Crowd()) {
            double floor = crowd.createBare(NODES, AT_ONCE) / NANOS_PER_SECOND;
            print(out, "%,d creates, %d at once (the floor)".formatted(NODES, AT_ONCE), floor, 1);
            crowd.watch(NODES);
            long start = System.nanoTime();
            List<Lease> leases = crowd.join();
            double joined = (System.nanoTime() - start) / NANOS_PER_SECOND;
            print(out, "until every node has a subnet", joined, joined / floor);
            crowd.awaitKnown(NODES);
            double known = (System.nanoTime() - start) / NANOS_PER_SECOND;
            print(out, "until every node knows every other", known, known / floor);
            judge(out, leases, crowd.conflicts());
            converge(out, crowd);
        }
    }

    private static void print(PrintStream out, String what, double seconds, double share) {
        out.printf(Locale.ROOT, "  %-44s %8.3f s   share %.3f%n", what, seconds, share);
    }

    private static void judge(PrintStream out, List<Lease> leases, int conflicts) {
        long subnets = leases.stream().map(Lease::subnet).distinct().count();
        if (subnets < NODES) {
            throw new IllegalStateException("only %d subnets for %d nodes".formatted(subnets, NODES));
        }
        double creates = 1 + (double) conflicts / NODES;
        out.printf(
                Locale.ROOT,
                "  %-44s %8.3f     wanted fewer than %.1f; no subnet is shared%n",
                "creates per node",
                creates,
                MOST_CREATES);
        if (creates >= MOST_CREATES) {
            throw new IllegalStateException(
                    "%.3f creates per node: want fewer than %.1f".formatted(creates, MOST_CREATES));
        }
    }

    private static void converge(PrintStream out, Crowd crowd) throws Exception {
        var delays = new ArrayList<Long>();
        for (int i = 0; i < JOINS; i++) {
            delays.addAll(crowd.oneMoreJoins());
        }
        delays.sort(null);
        out.printf(
                Locale.ROOT,
                "  %-44s p50 %.1f ms, p99 %.1f ms, of %d joins%n",
                "one more joins: %,d watchers hear of it".formatted(NODES),
                delays.get(delays.size() / 2) / NANOS_PER_MILLI,
                delays.get(delays.size() * 99 / 100) / NANOS_PER_MILLI,
                JOINS);
    }
}

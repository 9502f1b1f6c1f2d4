package dev.flannelx.bench;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What one of two daemons is measured by, while the routes of this machine tell what it has done. */
final class SideBySide {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** How long one waits for something to come right that may never do. */
    private static final Duration FAULT_PATIENCE = Duration.ofSeconds(30);

    private static final int JOINS = 20;

    private final Contender daemon;
    private final Neighbours neighbours;
    private final KubernetesClient admin;
    private final int peers;

    /** @param peers how many there are at the start */
    SideBySide(Contender daemon, Neighbours neighbours, KubernetesClient admin, int peers) {
        this.daemon = daemon;
        this.neighbours = neighbours;
        this.admin = admin;
        this.peers = peers;
    }

    /** From the start of its process on a machine without routes until there is one to each peer. */
    long start() throws Exception {
        Routes.flush();
        long took = untilRoutes(peers, daemon::start);
        daemon.stop();
        return took;
    }

    /** From the start of its process, on what it left, until there is a route to a peer that joined meanwhile. */
    long restart() throws Exception {
        int late = peers + 1;
        neighbours.join(admin, late);
        long took = untilRoutes(1, daemon::start);
        int before = Routes.count();
        neighbours.leave(admin, late);
        await(PATIENCE, () -> Routes.count() == before - 1);
        daemon.stop();
        return took;
    }

    /** Prints what it takes to hear of a peer, what it takes of memory, and what becomes of two faults. */
    void joinsAndFaults(PrintStream out) throws Exception {
        start();
        daemon.start();
        line(out, "one join, until its route is there (median of %d)".formatted(JOINS), "%.1f ms".formatted(joins()));
        line(out, "resident memory", "%.1f MiB".formatted(daemon.memory()));
        line(out, "a route in the way of an add, then gone", failedOnce());
        line(out, "a node that left while the daemon was down", leftMeanwhile());
        daemon.stop();
    }

    private void line(PrintStream out, String what, String result) {
        out.printf(Locale.ROOT, "  %-60s %s%n", daemon.name() + ": " + what, result);
    }

    private double joins() throws Exception {
        var millis = new ArrayList<Double>();
        for (int number = peers + 1; number <= peers + JOINS; number++) {
            int joining = number;
            millis.add(untilRoutes(1, () -> neighbours.join(admin, joining)) / 1e6);
        }
        return millis.stream().sorted().toList().get(JOINS / 2);
    }

    /** A peer's add fails, is over, and would work from then on. */
    private String failedOnce() throws Exception {
        int number = peers + JOINS + 1;
        Routes.block(number);
        // Both work on one peer after the other: when the second is there, the first has been tried.
        neighbours.join(admin, number);
        untilRoutes(1, () -> neighbours.join(admin, number + 1));
        Routes.unblock(number);
        return comesRight("its route is there", () -> Routes.reaches(number));
    }

    private String leftMeanwhile() throws Exception {
        int leaving = peers + 1;
        int joining = peers + JOINS + 3;
        daemon.stop();
        neighbours.leave(admin, leaving);
        neighbours.join(admin, joining);
        daemon.start();
        await(PATIENCE, () -> Routes.reaches(joining));
        return comesRight("its route is gone", () -> !Routes.reaches(leaving));
    }

    private static String comesRight(String what, Callable<Boolean> condition) {
        long start = System.nanoTime();
        try {
            await(FAULT_PATIENCE, condition);
            return "%s after %.1f s".formatted(what, (System.nanoTime() - start) / 1e9);
        } catch (ConditionTimeoutException e) {
            return "wrong, still %d s later".formatted(FAULT_PATIENCE.toSeconds());
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    /** How long it takes from an action until there are so many routes more. */
    private long untilRoutes(int more, Action action) throws Exception {
        int before = Routes.count();
        long start = System.nanoTime();
        action.run();
        try {
            await(PATIENCE, () -> Routes.count() >= before + more);
        } catch (ConditionTimeoutException e) {
            throw new IOException(
                    "%s made %d of %d routes: %s"
                            .formatted(daemon.name(), Routes.count() - before, more, daemon.lastWords()),
                    e);
        }
        return System.nanoTime() - start;
    }

    private static void await(Duration patience, Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(patience)
                .until(condition);
    }
}

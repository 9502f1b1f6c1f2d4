package dev.flannelx.simulation;

import dev.flannelx.ScratchFolder;
import java.io.PrintStream;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/**
 * What {@code make soak} runs: long random runs, each from a seed and on a cluster of its own, side by side since each waits
 * for most of the time.
 */
public final class Soak {
    static final int NODES = 6;
    private static final int STEPS = 100_000;
    private static final int CLUSTERS = 4;

    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : STEPS;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : new Random().nextInt(1_000_000);
        System.exit(held(steps, first, System.out) ? 0 : 1);
    }

    /** Takes so many steps in all; false as soon as something is not as it should be. */
    private static boolean held(int steps, long first, PrintStream out) throws InterruptedException {
        var runs = new ExecutorCompletionService<Long>(Executors.newFixedThreadPool(CLUSTERS));
        for (int cluster = 0; cluster < CLUSTERS; cluster++) {
            var _ = runs.submit(run(Math.ceilDiv(steps, CLUSTERS), first + cluster, out));
        }
        out.printf("%,d steps, on %d clusters from seeds %d and up%n", steps, CLUSTERS, first);
        for (int ended = 0; ended < CLUSTERS; ended++) {
            try {
                out.printf("every invariant held: seed %d%n", runs.take().get());
            } catch (ExecutionException e) {
                e.getCause().printStackTrace(out);
                return false;
            }
        }
        out.printf("%,d steps, and every invariant held%n", steps);
        return true;
    }

    private static Callable<Long> run(int steps, long seed, PrintStream out) {
        return () -> {
            try (var folder = ScratchFolder.make();
                    var run = new RandomRun(NODES, seed, folder.path())) {
                run.run(steps, progress -> out.println("seed " + seed + ", " + progress));
            }
            return seed;
        };
    }
}

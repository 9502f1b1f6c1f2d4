package dev.flannelx.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What {@code make soak} runs: a long random run, of so many steps and from that seed. */
public final class Soak {
    static final int NODES = 6;
    private static final int STEPS = 100_000;

    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : STEPS;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : new Random().nextInt(1_000_000);
        System.out.printf("%,d steps from seed %d%n", steps, seed);
        Path folder = Files.createTempDirectory(Path.of("target"), "soak");
        try (var run = new RandomRun(NODES, seed, folder)) {
            run.run(steps, System.out::println);
        }
        System.out.printf("%,d steps, and every invariant held: seed %d%n", steps, seed);
        System.exit(0);
    }
}

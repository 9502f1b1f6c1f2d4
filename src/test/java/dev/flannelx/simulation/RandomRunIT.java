package dev.flannelx.simulation;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The invariants, under everything that can go wrong at once. {@code make soak} goes on for longer. */
class RandomRunIT {
    private static final int STEPS = 1000;

    @Test
    void everythingIsAsItShouldBeWheneverEverybodyBehaves(@TempDir Path folder) throws Exception {
        try (var run = new RandomRun(Soak.NODES, new Random().nextInt(1_000_000), folder)) {
            run.run(STEPS, _ -> {});
        }
    }
}

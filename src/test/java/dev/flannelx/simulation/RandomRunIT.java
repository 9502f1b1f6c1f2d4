package dev.flannelx.simulation;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The invariants, under everything that can go wrong at once. {@code make soak} goes on for longer. */
class RandomRunIT {
    private static final int STEPS = 1000;
    private static final long SEED = 31337;

    @Test
    void everythingIsAsItShouldBeWheneverEverybodyBehaves(@TempDir Path folder) throws Exception {
        try (var run = new RandomRun(Soak.NODES, SEED, folder)) {
            run.run(STEPS, _ -> {});
        }
    }
}

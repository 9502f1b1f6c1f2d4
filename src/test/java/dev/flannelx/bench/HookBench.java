package dev.flannelx.bench;

import dev.flannelx.bench.Comparison.Subject;
import dev.flannelx.host.FileJournal;
import dev.flannelx.network.Network;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** What the engine adds to the hooks that it runs, from its start to the last peer applied. */
final class HookBench implements Bench {
    private static final int PEERS = 1_000;
    private static final int ROUNDS = 5;
    private static final Path FOLDER = Path.of("/run/flannelx-bench");

    @Override
    public String name() {
        return "hooks";
    }

    @Override
    public String title() {
        return "%d peers by the documented host-gw command, as shares of a loop of sh -c over the same commands"
                .formatted(PEERS);
    }

    @Override
    public boolean inSandbox() {
        return true;
    }

    /**
     * What ships, and no library that only tests need: a JVM keeps every jar open in which it has looked for something,
     * and each start of a hook copies and closes what is open.
     */
    @Override
    public String classPath() {
        return String.join(File.pathSeparator, "target/test-classes", Jvm.JAR);
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Routes.makeUplink();
        Network documented = Routes.example("host-gw.json", 1);
        var comparison = new Comparison(
                new Subject("sh -c in a loop (the floor)", "", () -> Routes.loop(PEERS, documented)),
                List.of(
                        new Subject("parallelism 1", "at most 1.15", () -> add(documented)),
                        new Subject("restart, all in place, no hook", "", () -> restart(documented)),
                        new Subject("parallelism 4", "at most 0.55", () -> add(Routes.example("host-gw.json", 4))),
                        new Subject("batch", "at most 0.02", () -> add(Routes.example("host-gw.yaml", 1)))));
        for (int round = 0; round < ROUNDS; round++) {
            comparison.round();
        }
        out.print(comparison.text());
    }

    private static long add(Network network) throws Exception {
        Routes.flush();
        FileJournal journal = Engine.journal(FOLDER);
        journal.erase();
        try (var engine = new Engine(network, Engine.peers(network, PEERS), Engine.shells(network, journal), journal)) {
            long start = System.nanoTime();
            engine.start();
            engine.awaitConverged(PEERS);
            long took = System.nanoTime() - start;
            Routes.requireCount(PEERS);
            return took;
        }
    }

    /** On what {@link #add} with the same network left, but for the routes. */
    private static long restart(Network network) throws Exception {
        FileJournal journal = Engine.journal(FOLDER);
        try (var engine = new Engine(network, Engine.peers(network, PEERS), Engine.shells(network, journal), journal)) {
            long start = System.nanoTime();
            engine.start();
            engine.await(() -> engine.agent().status().ready());
            long took = System.nanoTime() - start;
            int applied = engine.agent().status().peers().applied();
            if (engine.hooks() > 0 || applied != PEERS) {
                throw new IOException("%d hooks ran, %d peers are applied: want none and all %d"
                        .formatted(engine.hooks(), applied, PEERS));
            }
            return took;
        }
    }
}

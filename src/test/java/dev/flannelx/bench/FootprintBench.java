package dev.flannelx.bench;

import dev.flannelx.host.FileJournal;
import dev.flannelx.network.Network;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What peers take of memory, in the engine and its journal. The floor is this JVM before there is an engine. */
final class FootprintBench implements Bench {
    private static final List<Integer> PEERS = List.of(1, 1_000, 5_000);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "resident memory of the engine with its peers applied, in a JVM with " + String.join(" ", Jvm.FLAGS);
    }

    @Override
    public boolean inSandbox() {
        return true;
    }

    @Override
    public void run(PrintStream out) throws Exception {
        double floor = resident();
        out.printf("  %-36s %6.1f MiB%n", "before there is an engine (floor)", floor);
        Network network = Routes.example("host-gw.json", 1);
        for (int peers : PEERS) {
            Path folder = Path.of("/run/flannelx-bench-" + peers);
            FileJournal journal = Engine.journal(folder);
            try (var engine = new Engine(network, Engine.peers(network, peers), Engine.NO_HOOKS, journal)) {
                engine.start();
                engine.awaitConverged(peers);
                engine.await(() -> engine.agent().status().ready());
                double taken = resident();
                out.printf(
                        "  %-36s %6.1f MiB   %.2f of the floor; the journal has %d KiB%n",
                        "%,d peers".formatted(peers),
                        taken,
                        taken / floor,
                        Files.size(folder.resolve("journal")) >> 10);
            }
        }
    }

    private static double resident() throws Exception {
        return Memory.mebibytes("VmRSS", ProcessHandle.current().pid());
    }
}

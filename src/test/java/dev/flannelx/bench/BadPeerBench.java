package dev.flannelx.bench;

import dev.flannelx.bench.Comparison.Subject;
import dev.flannelx.host.FileJournal;
import dev.flannelx.ip.Address;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.NetworkStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Batches among which one peer cannot be applied: how much it costs to find it. */
final class BadPeerBench implements Bench {
    private static final int PEERS = 5_000;
    private static final int FLOOR_PEERS = 1_000;
    private static final int ROUNDS = 3;
    private static final int BAD = 2_345;
    /** Behind no interface, so that the kernel refuses a route by it. */
    private static final PublicAddress NOWHERE =
            new PublicAddress(Address.parse("198.51.100.1").orElseThrow(), null);

    private static final Path FOLDER = Path.of("/run/flannelx-bench");

    @Override
    public String name() {
        return "bad-peer";
    }

    @Override
    public String title() {
        return "%d peers in batches, one of them bad, as a share of a loop of sh -c over %d commands"
                .formatted(PEERS, FLOOR_PEERS);
    }

    @Override
    public boolean inSandbox() {
        return true;
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Routes.makeUplink();
        Network documented = Routes.example("host-gw.json", 1);
        Network batch = Routes.example("host-gw.yaml", 1);
        var comparison = new Comparison(
                new Subject("sh -c in a loop (the floor)", "", () -> Routes.loop(FLOOR_PEERS, documented)),
                List.of(
                        new Subject("all good", "", () -> add(batch, List.of())),
                        new Subject("one bad, found and reported alone", "", () -> add(batch, List.of(BAD)))));
        for (int round = 0; round < ROUNDS; round++) {
            comparison.round();
        }
        out.print(comparison.text());
    }

    private static long add(Network network, List<Integer> bad) throws Exception {
        Routes.flush();
        FileJournal journal = Engine.journal(FOLDER);
        journal.erase();
        try (var engine = new Engine(network, peers(network, bad), Engine.shells(network, journal), journal)) {
            long start = System.nanoTime();
            engine.start();
            engine.awaitConverged(PEERS - bad.size());
            engine.await(() ->
                    failing(engine).equals(bad.stream().map(Engine::subnet).toList()));
            long took = System.nanoTime() - start;
            Routes.requireCount(PEERS - bad.size());
            return took;
        }
    }

    private static List<Lease> peers(Network network, List<Integer> bad) {
        return IntStream.rangeClosed(1, PEERS)
                .mapToObj(number ->
                        Engine.lease(network, number, bad.contains(number) ? NOWHERE : Engine.address(number)))
                .toList();
    }

    private static List<Subnet> failing(Engine engine) {
        return engine.agent().status().failures().stream()
                .map(NetworkStatus.Failure::peer)
                .toList();
    }
}

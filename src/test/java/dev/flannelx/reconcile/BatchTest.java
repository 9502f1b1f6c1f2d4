package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.BatchLine;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five thousand peers by a batch command, which takes a thousand at once. */
class BatchTest {
    private static final int PEERS = 5_000;
    private static final int MOST_LINES = 1_000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Network NETWORK = Specs.whole("""
            network: 10.0.0.0/8
            backend: {type: extension, subnetBatchCommand: batch}
            """);

    private final PeerReconciler peers = new PeerReconciler(
            NETWORK,
            new Local("self", Simulation.address(200), Leases.subnet("10.255.255.0/24")),
            new Shared(
                    new JournalWriter(new MemoryJournal()),
                    new ReconcileObserver() {},
                    new Random(1),
                    new CheckBudget()));
    /** The subnets of each run. */
    private final List<List<Subnet>> runs = new ArrayList<>();

    @BeforeEach
    void desireAll() {
        var desired = new HashMap<Subnet, Peer>();
        for (int number = 0; number < PEERS; number++) {
            desired.put(subnet(number), new Peer(subnet(number), Simulation.address(7), "node" + number, ""));
        }
        peers.desire(Map.copyOf(desired), NOW);
    }

    @Test
    void takesAThousandLinesARun() {
        runAllDue(NOW, List.of());
        assertThat(runs).extracting(List::size).containsExactly(1_000, 1_000, 1_000, 1_000, 1_000);
        assertThat(peers.counts()).isEqualTo(new NetworkStatus.Peers(PEERS, PEERS, 0, 0));
    }

    @Test
    void whatCouldNotBeBegunGoesTogetherAgain() {
        peers.next(hook -> "run", NOW).ifPresent(task -> peers.notBegun(task, NOW));
        Instant later = peers.nextAt(NOW).orElseThrow();
        runAllDue(later, List.of());
        assertThat(runs).extracting(List::size).containsExactly(1_000, 1_000, 1_000, 1_000, 1_000);
    }

    @Test
    void findsTheOneBadPeerAmongThemAndReportsItAlone() {
        Subnet bad = subnet(3_333);
        runAllDue(NOW, List.of(bad));

        assertThat(peers.counts()).isEqualTo(new NetworkStatus.Peers(PEERS, PEERS - 1, 1, 0));
        assertThat(peers.failures())
                .singleElement()
                .isEqualTo(new NetworkStatus.Failure("subnetBatch", bad, 1, 1, "no way to " + bad));
        // Five runs, and of the one with the bad peer two halves each time: 1000, 500, 250, … 1.
        assertThat(runs).hasSizeLessThanOrEqualTo(5 + 2 * 10);

        runs.clear();
        Instant later = peers.nextAt(NOW).orElseThrow();
        runAllDue(later, List.of(bad));
        assertThat(runs).containsExactly(List.of(bad));

        runAllDue(peers.nextAt(later).orElseThrow(), List.of());
        assertThat(peers.counts()).isEqualTo(new NetworkStatus.Peers(PEERS, PEERS, 0, 0));
        assertThat(peers.failures()).isEmpty();
    }

    @Test
    void findsSeveral() {
        List<Subnet> bad = List.of(subnet(0), subnet(1), subnet(999), subnet(2_500), subnet(4_999));
        runAllDue(NOW, bad);
        assertThat(peers.counts()).isEqualTo(new NetworkStatus.Peers(PEERS, PEERS - 5, 5, 0));
        assertThat(peers.failures()).extracting(NetworkStatus.Failure::peer).containsExactlyInAnyOrderElementsOf(bad);
    }

    private void runAllDue(Instant now, List<Subnet> bad) {
        for (Optional<PeerTask> next = peers.next(Hook::text, now);
                next.isPresent();
                next = peers.next(Hook::text, now)) {
            PeerTask task = next.get();
            List<Subnet> subnets = lines(task.invocation()).stream()
                    .map(line -> line.peer().subnet())
                    .toList();
            assertThat(subnets).hasSizeLessThanOrEqualTo(MOST_LINES).doesNotHaveDuplicates();
            runs.add(subnets);
            HookOutcome outcome = subnets.stream()
                    .filter(bad::contains)
                    .findFirst()
                    .<HookOutcome>map(
                            subnet -> new HookOutcome.Exited(1, "no way to " + subnet + "\n", Duration.ofMillis(1)))
                    .orElse(new HookOutcome.Succeeded("", "", Duration.ofMillis(1)));
            peers.finished(task, outcome, now);
        }
    }

    private static List<BatchLine> lines(HookInvocation invocation) {
        if (!(invocation instanceof HookInvocation.ForBatch batch)) {
            throw new AssertionError("no batch: " + invocation);
        }
        assertThat(batch.lines()).extracting(BatchLine::operation).containsOnly(BatchLine.Operation.ADD);
        return batch.lines();
    }

    private static Subnet subnet(int number) {
        return Leases.subnet("10.%d.%d.0/24".formatted(number / 256, number % 256));
    }
}

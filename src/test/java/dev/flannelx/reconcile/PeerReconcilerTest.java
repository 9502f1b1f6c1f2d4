package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PeerReconcilerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Subnet SUBNET = Simulation.subnet(7);
    private static final Function<Hook, String> RUNS = Hook::text;

    private final PeerReconciler peers = new PeerReconciler(
            Simulation.network(new HookCommands(null, null, "add", "del", null, "look", null, null), 1)
                    .withRemovalGrace(Duration.ZERO),
            new Local("self", Simulation.address(200), Simulation.OWN),
            new JournalWriter(new MemoryJournal()),
            new ReconcileObserver() {},
            new Random(1));

    @Test
    void removesAPeerThatWentWhileItWasChecked() {
        peers.desire(Map.of(SUBNET, new Peer(SUBNET, Simulation.address(7), "other", "")), NOW);
        PeerTask add = peers.next(RUNS, NOW).orElseThrow();
        peers.finished(add, new HookOutcome.Succeeded("", "", Duration.ZERO), NOW);
        PeerTask check = peers.next(RUNS, NOW).orElseThrow();
        assertThat(check.invocation().hook()).isEqualTo(Hook.SUBNET_CHECK);

        peers.desire(Map.of(), NOW);
        peers.finished(check, new HookOutcome.TimedOut(Duration.ofSeconds(1), "", Duration.ofSeconds(1)), NOW);
        Instant collected = NOW.plus(RemovalGate.COLLECT);
        assertThat(peers.next(RUNS, NOW)).isEmpty();
        assertThat(peers.nextAt()).contains(collected);
        assertThat(peers.next(RUNS, collected)).isEmpty();
        assertThat(peers.takeUnconfirmed()).extracting(Peer::subnet).containsExactly(SUBNET);
        peers.confirmed(peers.takeUnconfirmed(), Set.of(SUBNET), collected);
        peers.renewAll(collected);
        Optional<PeerTask> remove = peers.next(RUNS, collected);
        assertThat(remove.orElseThrow().invocation().hook()).isEqualTo(Hook.SUBNET_REMOVE);
    }
}

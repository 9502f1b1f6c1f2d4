package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerReconcilerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Subnet SUBNET = Simulation.subnet(7);
    private static final Function<Hook, String> RUNS = Hook::text;

    private static final Network NETWORK = Simulation.network(
                    new HookCommands(null, null, "add", "del", null, "look", null, null), 1)
            .withRemovalGrace(Duration.ZERO);
    private static final Instant LATER = NOW.plus(NETWORK.settings().checkPeriod());
    private static final HookOutcome DONE = new HookOutcome.Succeeded("", "", Duration.ZERO);
    private static final HookOutcome FAILED = new HookOutcome.Exited(1, "no\n", Duration.ZERO);

    private final List<String> abandoned = new ArrayList<>();
    private final PeerReconciler peers = new PeerReconciler(
            NETWORK,
            new Local("self", Simulation.address(200), Simulation.OWN),
            new Shared(
                    new JournalWriter(new MemoryJournal()),
                    new ReconcileObserver() {
                        @Override
                        public void hookAbandoned(HookInvocation invocation, int attempts) {
                            abandoned.add(invocation.hook().text() + " after " + attempts);
                        }
                    },
                    new Random(1),
                    new CheckBudget()));

    /** Runs the hook that is due, which must be this one. */
    private void runs(Hook hook, HookOutcome outcome, Instant at) {
        PeerTask task = peers.next(RUNS, at).orElseThrow();
        assertThat(task.invocation().hook()).isEqualTo(hook);
        peers.finished(task, outcome, at);
    }

    private void desire(String node) {
        peers.desire(Map.of(SUBNET, new Peer(SUBNET, Simulation.address(7), node, "")), NOW);
    }

    @Test
    void appliesAgainWhatACheckFindsGone() {
        desire("other");
        runs(Hook.SUBNET_ADD, DONE, NOW);
        runs(Hook.SUBNET_CHECK, DONE, NOW);
        assertThat(peers.next(RUNS, NOW)).isEmpty();
        assertThat(peers.nextAt(NOW)).contains(LATER);

        runs(Hook.SUBNET_CHECK, FAILED, LATER);
        runs(Hook.SUBNET_REMOVE, FAILED, LATER);
        runs(Hook.SUBNET_ADD, DONE, LATER);
        runs(Hook.SUBNET_CHECK, DONE, LATER);
        assertThat(peers.failures()).isEmpty();
    }

    @Test
    void reportsACheckThatContradictsItsAddAndDoesNotAddAgain() {
        desire("other");
        runs(Hook.SUBNET_ADD, DONE, NOW);
        runs(Hook.SUBNET_CHECK, FAILED, NOW);
        assertThat(peers.next(RUNS, NOW)).isEmpty();
        assertThat(peers.counts().applied()).isEqualTo(1);
        assertThat(peers.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).isEqualTo("CheckFailed right after its add: no"));

        runs(Hook.SUBNET_CHECK, DONE, LATER);
        assertThat(peers.failures()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("noWord")
    void makesNothingOfAnEndThatIsNotTheChecksOwnWord(HookOutcome outcome) {
        desire("other");
        runs(Hook.SUBNET_ADD, DONE, NOW);
        runs(Hook.SUBNET_CHECK, DONE, NOW);
        runs(Hook.SUBNET_CHECK, outcome, LATER);
        assertThat(peers.next(RUNS, LATER)).isEmpty();
        assertThat(peers.counts().applied()).isEqualTo(1);
    }

    static Stream<HookOutcome> noWord() {
        return Stream.of(
                new HookOutcome.Exited(126, "", Duration.ZERO),
                new HookOutcome.Exited(127, "", Duration.ZERO),
                new HookOutcome.Signalled(9, "", Duration.ZERO),
                new HookOutcome.TimedOut(Duration.ZERO, "", Duration.ZERO),
                new HookOutcome.NotStarted("no shell", Duration.ZERO));
    }

    @Test
    void setsARemoveAsideAfterFiveTriesAndTriesItAgainBeforeTheNextAddThere() {
        desire("other");
        runs(Hook.SUBNET_ADD, DONE, NOW);
        runs(Hook.SUBNET_CHECK, DONE, NOW);
        peers.drain(true, NOW);
        Instant now = NOW;
        for (int tries = 1; tries <= 5; tries++) {
            assertThat(abandoned).isEmpty();
            assertThat(peers.isDrained()).isFalse();
            runs(Hook.SUBNET_REMOVE, FAILED, now);
            now = peers.nextAt(now).orElse(now);
        }
        assertThat(abandoned).containsExactly("subnetRemove after 5");
        assertThat(peers.isDrained()).isTrue();
        assertThat(peers.next(RUNS, now)).isEmpty();

        peers.drain(false, now);
        desire("newcomer");
        runs(Hook.SUBNET_REMOVE, FAILED, now);
        runs(Hook.SUBNET_ADD, DONE, now);
    }

    @Test
    void removesAPeerThatWentWhileItWasChecked() {
        desire("other");
        runs(Hook.SUBNET_ADD, DONE, NOW);
        PeerTask check = peers.next(RUNS, NOW).orElseThrow();
        assertThat(check.invocation().hook()).isEqualTo(Hook.SUBNET_CHECK);

        peers.desire(Map.of(), NOW);
        peers.finished(check, new HookOutcome.TimedOut(Duration.ofSeconds(1), "", Duration.ofSeconds(1)), NOW);
        Instant collected = NOW.plus(RemovalGate.COLLECT);
        assertThat(peers.next(RUNS, NOW)).isEmpty();
        assertThat(peers.nextAt(NOW)).contains(collected);
        assertThat(peers.next(RUNS, collected)).isEmpty();
        assertThat(peers.takeUnconfirmed()).extracting(Peer::subnet).containsExactly(SUBNET);
        peers.confirmed(peers.takeUnconfirmed(), Set.of(SUBNET), collected);
        peers.renewAll(collected);
        Optional<PeerTask> remove = peers.next(RUNS, collected);
        assertThat(remove.orElseThrow().invocation().hook()).isEqualTo(Hook.SUBNET_REMOVE);
    }
}

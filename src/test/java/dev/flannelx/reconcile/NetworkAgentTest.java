package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's real threads: what one of them decides must wake the one whose work it is. */
class NetworkAgentTest {
    private final FakeLeaseStore store = new FakeLeaseStore();
    private final List<HookRun> ran = new CopyOnWriteArrayList<>();

    private final List<String> troubles = new CopyOnWriteArrayList<>();

    private final MemoryJournal journal = new MemoryJournal();
    /** What a bug in the runner says; none if empty. */
    private volatile String bug = "";
    /** What ends the thread that begins a hook. */
    private volatile @Nullable Error end;
    /** Hooks that begin end only once it is open. */
    private volatile CountDownLatch hold = new CountDownLatch(0);

    private NetworkAgent start(Network network) throws Exception {
        NetworkAgent agent = begin(network);
        await(() -> agent.status().ready());
        return agent;
    }

    private NetworkAgent begin(Network network) throws Exception {
        return begin(network, InstantSource.system());
    }

    private NetworkAgent begin(Network network, InstantSource clock) throws Exception {
        store.observe();
        var agent = new NetworkAgent(
                "demo",
                new Ports(store, new Recorder(), journal, Simulation.NO_PUBLICATION, new Troubles()),
                Simulation.SELF,
                AgentOptions.DEFAULT,
                clock,
                new Random(1));
        agent.start();
        agent.want(new Directive.Join(network, "uid", 1, true));
        store.observe();
        agent.wake();
        return agent;
    }

    private static Network network(HookCommands commands, int parallelism) {
        return Simulation.network(commands, parallelism).withRemovalGrace(Duration.ZERO);
    }

    private void change(NetworkAgent agent, Runnable what) {
        what.run();
        store.observe();
        agent.wake();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition);
    }

    /** With and without each command that a node's way up, down, or a peer's passes through. */
    static Stream<Arguments> commandsAndParallelism() {
        return Stream.of(
                        new HookCommands(null, null, "add", "del", null, null, null, null),
                        new HookCommands("pre", null, "add", "del", null, null, null, null),
                        new HookCommands(null, "post", "add", "del", null, null, null, null),
                        new HookCommands("pre", "post", "add", "del", "down", "look", "lookAll", null),
                        new HookCommands(null, null, "add", "del", null, null, "lookAll", null),
                        new HookCommands("pre", "post", "add", "del", "down", "look", null, "batch"),
                        new HookCommands("pre", "post", null, "del", "down", null, null, null),
                        new HookCommands("pre", "post", "add", null, null, "look", null, null),
                        new HookCommands(null, null, null, null, null, null, null, "batch"),
                        HookCommands.NONE)
                .flatMap(commands -> Stream.of(1, 4).map(parallelism -> Arguments.of(commands, parallelism)));
    }

    @ParameterizedTest
    @MethodSource("commandsAndParallelism")
    void nobodySleepsOverWhatAnotherThreadDecided(HookCommands commands, int parallelism) throws Exception {
        NetworkAgent first = start(network(commands, parallelism));
        Subnet subnet = Simulation.subnet(7);
        change(first, () -> store.truth.put(subnet, lease(7)));
        await(() -> first.status().peers().applied() == 1);
        first.stop(Duration.ofSeconds(10));
        long startupHooks = startupHooks();

        NetworkAgent second = start(network(commands, parallelism));
        assertThat(startupHooks()).isEqualTo(startupHooks);
        change(second, () -> store.truth.remove(subnet));
        await(() -> second.status().peers().equals(NetworkStatus.Peers.NONE));

        second.want(new Directive.Join(
                network(new HookCommands("other", null, "add", "del", null, null, null, null), parallelism),
                "uid",
                2,
                true));
        await(() -> second.status().ready() && second.status().generation() == 2);

        second.want(new Directive.TearDown());
        await(second::isForgotten);
        assertThat(journal.state).isEqualTo(JournalState.EMPTY);
        assertThat(store.truth).isEmpty();
        second.stop(Duration.ofSeconds(10));
    }

    private long startupHooks() {
        return ran.stream()
                .filter(run -> run.hook() == Hook.PRE_STARTUP || run.hook() == Hook.POST_STARTUP)
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void claimsWithoutAnyStartupCommandAddsAndRemoves(int parallelism) throws Exception {
        NetworkAgent agent =
                start(network(new HookCommands(null, null, "add", "del", null, null, null, null), parallelism));
        Subnet subnet = Simulation.subnet(7);
        change(agent, () -> store.truth.put(subnet, lease(7)));
        await(() -> agent.status().peers().applied() == 1);

        change(agent, () -> store.truth.remove(subnet));
        await(() -> agent.status().peers().equals(NetworkStatus.Peers.NONE));
        assertThat(ran).extracting(HookRun::hook).containsExactly(Hook.SUBNET_ADD, Hook.SUBNET_REMOVE);
        agent.stop(Duration.ofSeconds(10));
    }

    static IntStream millis() {
        return IntStream.rangeClosed(1, 20).map(tenths -> 100 * tenths);
    }

    /** A machine so busy that time passes between any two looks at the clock. */
    @ParameterizedTest
    @MethodSource("millis")
    void nobodySleepsOverWhatFallsDueWhileItLooks(int millis) throws Exception {
        var looks = new AtomicInteger();
        InstantSource jumping = () -> Instant.now().plusMillis((long) millis * looks.getAndIncrement());
        NetworkAgent agent =
                begin(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1), jumping);
        await(() -> agent.status().ready());
        Subnet subnet = Simulation.subnet(7);
        change(agent, () -> store.truth.put(subnet, lease(7)));
        await(() -> journal.state.peers().containsKey(subnet));

        change(agent, () -> store.truth.remove(subnet));
        await(() -> !journal.state.peers().containsKey(subnet));
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void saysThatTheJournalIsDamaged() throws Exception {
        journal.state = new JournalState(null, Map.of(), true);
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        assertThat(troubles).containsExactly("journal: part of it could not be read: all of it is done again");
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void aComparisonHealsWhatNoEventTold() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        store.change(leases -> leases.put(Simulation.subnet(7), lease(7)));
        agent.resync();
        await(() -> agent.status().peers().applied() == 1);
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void aBugBehindAPortIsTroubleAndNotTheEnd() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        store.broken = true;
        agent.want(new Directive.TearDown());
        await(() -> agent.status().message().contains("the client is closed"));

        store.broken = false;
        await(agent::isForgotten);
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void runsNoHookWhileWhatAnEarlierAgentBeganCannotBeEnded() throws Exception {
        bug = "/proc cannot be listed";
        NetworkAgent agent = begin(network(new HookCommands("pre", "post", "add", "del", null, null, null, null), 2));
        await(() -> agent.status().message().contains("/proc cannot be listed"));
        assertThat(ran).isEmpty();

        bug = "";
        await(() -> agent.status().ready());
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void aBugInTheRunnerIsAFailedHookAndNotTheEnd() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        bug = "the shell is odd";
        Subnet subnet = Simulation.subnet(7);
        change(agent, () -> store.truth.put(subnet, lease(7)));
        await(() -> agent.status().message().contains("the shell is odd"));

        bug = "";
        await(() -> agent.status().peers().applied() == 1);
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void aFullDiskIsTriedWithOnePeerAndNotWithAll() throws Exception {
        int peers = 100;
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        journal.full = true;
        change(
                agent,
                () -> IntStream.rangeClosed(1, peers)
                        .forEach(number -> store.truth.put(Simulation.subnet(number), lease(number))));
        await(() -> agent.status().message().contains("No space left on device"));
        assertThat(journal.refusals).hasValueLessThan(peers);

        journal.full = false;
        await(() -> agent.status().peers().applied() == peers);
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void isNotAliveOnceAnErrorHasEndedAThread() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        assertThat(agent.isAlive()).isTrue();
        end = new AssertionError("an error that is expected here");
        change(agent, () -> store.truth.put(Simulation.subnet(7), lease(7)));
        Awaitility.await().dontCatchUncaughtExceptions().until(() -> !agent.isAlive());
        agent.stop(Duration.ofSeconds(10));
        assertThat(agent.isAlive()).as("nothing more is amiss").isTrue();
    }

    @Test
    void saysThatARemoveWasSetAsideUntilItSucceeds() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        Subnet subnet = Simulation.subnet(7);
        change(agent, () -> store.truth.put(subnet, lease(7)));
        await(() -> agent.status().peers().applied() == 1);
        assertThat(agent.status().reason()).isEmpty();

        bug = "the route is in use";
        change(agent, () -> store.truth.remove(subnet));
        await(() -> agent.status().reason().equals("SetAside"));
        assertThat(agent.status().ready()).isTrue();
        assertThat(agent.status().message()).startsWith("removes that were given up: 1, first that of 10.50.7.0/24: ");

        bug = "";
        change(agent, () -> store.truth.put(subnet, lease(7)));
        await(() -> agent.status().peers().applied() == 1);
        assertThat(agent.status().reason()).isEmpty();
        agent.stop(Duration.ofSeconds(10));
    }

    @Test
    void beginsNoFurtherHookOnceItIsToldToStop() throws Exception {
        NetworkAgent agent = start(network(new HookCommands(null, null, "add", "del", null, null, null, null), 1));
        hold = new CountDownLatch(1);
        change(
                agent,
                () -> List.of(7, 8, 9).forEach(number -> store.truth.put(Simulation.subnet(number), lease(number))));
        await(() -> ran.size() == 1);

        agent.stop(Duration.ZERO);
        hold.countDown();
        await(() -> journal.state.peers().values().stream().anyMatch(peer -> peer.state() == State.APPLIED));
        agent.stop(Duration.ofSeconds(10));
        assertThat(ran).hasSize(1);
    }

    private static Lease lease(int number) {
        return new Lease(
                "demo",
                "other" + number,
                "uid-other",
                Simulation.subnet(number),
                Simulation.address(number),
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }

    private final class Troubles implements ReconcileObserver {
        @Override
        public void troubled(String message) {
            troubles.add(message);
        }
    }

    private final class Recorder implements HookRunner {
        @Override
        public HookOutcome run(HookRun run) {
            ran.add(run);
            if (end != null) {
                throw end;
            }
            awaitPermission();
            work();
            return new HookOutcome.Succeeded("", "", Duration.ZERO);
        }

        @Override
        public void endSurvivors(Set<String> runs) {
            work();
        }

        private void awaitPermission() {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void work() {
            if (!bug.isEmpty()) {
                throw new IllegalStateException(bug);
            }
        }
    }
}

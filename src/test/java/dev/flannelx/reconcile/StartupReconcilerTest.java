package dev.flannelx.reconcile;

import static dev.flannelx.reconcile.TestPeers.DONE;
import static dev.flannelx.reconcile.TestPeers.FAILED;
import static dev.flannelx.reconcile.TestPeers.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The node's own hooks, one after the other as they fall due. */
class StartupReconcilerTest {
    private static final HookCommands ALL = new HookCommands("pre", "post", "add", "del", "down", null, "look", null);
    private static final HookCommands NO_CHECK =
            new HookCommands("pre", "post", "add", "del", "down", null, null, null);
    private static final HookOutcome DATA = new HookOutcome.Succeeded("data", "", Duration.ZERO);

    private final MemoryJournal journal = new MemoryJournal();
    private final JournalWriter writer = new JournalWriter(journal);
    private final List<String> abandoned = new ArrayList<>();
    private final StartupReconciler startup = new StartupReconciler(new Shared(
            writer,
            new ReconcileObserver() {
                @Override
                public void hookAbandoned(HookInvocation invocation, int attempts) {
                    abandoned.add(invocation.hook().text() + " after " + attempts);
                }
            },
            new Random(1),
            new CheckBudget()));
    private Network network = TestPeers.network(ALL);
    private Instant now = T0;

    private Directive.Join join() {
        return join(1);
    }

    private Directive.Join join(long generation) {
        return new Directive.Join(network, "uid", generation, true);
    }

    private void begins(HookCommands commands) {
        network = TestPeers.network(commands);
        startup.begin(join(), Simulation.SELF, null);
    }

    private void restores(HookCommands commands, Stage stage) {
        network = TestPeers.network(commands);
        var local = new Local("self", Simulation.address(200), stage == Stage.PREPARED ? null : Simulation.OWN);
        startup.restore(JournalState.EMPTY.after(List.of(new JournalEntry.PutStartup(
                new AppliedStartup(network, "uid", 1, local, "data", stage, "run of then")))));
    }

    /** Runs the hook that is due by now or will be next, which must be this one. */
    private void runs(Hook hook, HookOutcome outcome) {
        startup.finished(take(hook), outcome, false, now);
    }

    private NodeTask take(Hook hook) {
        NodeTask task = startup.next(join(), Simulation.SELF, Hook::text, now)
                .or(() -> {
                    now = startup.nextAt().orElseThrow();
                    return startup.next(join(), Simulation.SELF, Hook::text, now);
                })
                .orElseThrow();
        assertThat(task.invocation().hook()).isEqualTo(hook);
        return task;
    }

    private void nothingIsDue() {
        assertThat(startup.next(join(), Simulation.SELF, Hook::text, now)).isEmpty();
    }

    private void comesUp() {
        runs(Hook.PRE_STARTUP, DATA);
        startup.claimed(Simulation.OWN);
        runs(Hook.POST_STARTUP, DONE);
    }

    @Test
    void preparesThenWaitsForASubnetThenConfigures() {
        begins(NO_CHECK);
        runs(Hook.PRE_STARTUP, DATA);
        nothingIsDue();
        assertThat(startup.wantsSubnet()).isTrue();
        assertThat(startup.applied().orElseThrow().data()).isEqualTo("data");
        startup.claimed(Simulation.OWN);
        assertThat(startup.isUp()).isFalse();
        runs(Hook.POST_STARTUP, DONE);
        nothingIsDue();
        assertThat(startup.isUp()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARING", "CONFIGURING", "SHUTTING_DOWN"})
    void anotherSpecWaitsForTheEndOfTheHookWhoseIntentIsInTheJournal(Stage stage) {
        begins(NO_CHECK);
        NodeTask task = switch (stage) {
            case PREPARING -> take(Hook.PRE_STARTUP);
            case CONFIGURING -> {
                runs(Hook.PRE_STARTUP, DATA);
                startup.claimed(Simulation.OWN);
                yield take(Hook.POST_STARTUP);
            }
            case SHUTTING_DOWN -> {
                comesUp();
                yield startup.nextDown(Hook::text, now).orElseThrow();
            }
            case PREPARED, CONFIGURED -> throw new AssertionError(stage + " has no hook");
        };
        assertThat(task.intent().stage()).isEqualTo(stage);
        writes(task);
        startup.adopt(join(2));
        assertThat(writer.isBehind()).isFalse();

        startup.finished(task, DONE, true, now);
        startup.adopt(join(2));
        assertThat(startup.applied().orElseThrow().generation()).isEqualTo(2);
    }

    @Test
    void aSubnetThatIsClaimedWhileTheNodeIsShutDownIsForTheNextStartup() {
        restores(NO_CHECK, Stage.PREPARED);
        writes(startup.nextDown(Hook::text, now).orElseThrow());
        startup.claimed(Simulation.OWN);
        assertThat(writer.isBehind()).isFalse();
    }

    private void writes(NodeTask task) {
        try {
            writer.flush(List.of(new JournalEntry.PutStartup(task.intent())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void triesPreStartupUntilItSucceedsWithDataThatCanBeRead() {
        begins(NO_CHECK);
        runs(Hook.PRE_STARTUP, FAILED);
        runs(Hook.PRE_STARTUP, new HookOutcome.BadOutput("too long", "", Duration.ZERO));
        assertThat(startup.failure().orElseThrow().attempts()).isEqualTo(2);
        runs(Hook.PRE_STARTUP, DATA);
        assertThat(startup.failure()).isEmpty();
        assertThat(startup.wantsSubnet()).isTrue();
    }

    @Test
    void startsOverWhenPostStartupHasFailedThreeTimesThoughShutdownFailsToo() {
        begins(NO_CHECK);
        runs(Hook.PRE_STARTUP, DATA);
        startup.claimed(Simulation.OWN);
        runs(Hook.POST_STARTUP, FAILED);
        runs(Hook.POST_STARTUP, FAILED);
        assertThat(startup.startsOver()).isFalse();
        runs(Hook.POST_STARTUP, FAILED);
        assertThat(startup.startsOver()).isTrue();
        runs(Hook.SHUTDOWN, FAILED);
        assertThat(abandoned)
                .as("nothing is given up: the startup that follows is the cure")
                .isEmpty();
        comesUp();
        nothingIsDue();
        assertThat(startup.isUp()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARING", "CONFIGURING", "SHUTTING_DOWN"})
    void startsOverWhatWasInterrupted(Stage stage) {
        restores(NO_CHECK, stage);
        assertThat(startup.startsOver()).isTrue();
        runs(Hook.SHUTDOWN, DONE);
        comesUp();
        nothingIsDue();
        assertThat(startup.isUp()).isTrue();
    }

    @Test
    void goesOnWithTheDataThatItHas() {
        restores(NO_CHECK, Stage.PREPARED);
        nothingIsDue();
        assertThat(startup.wantsSubnet()).isTrue();
        startup.claimed(Simulation.OWN);
        runs(Hook.POST_STARTUP, DONE);
        assertThat(startup.applied().orElseThrow().data()).isEqualTo("data");
    }

    @Test
    void runsNothingAgainWhereTheNodeIsUp() {
        restores(NO_CHECK, Stage.CONFIGURED);
        nothingIsDue();
        assertThat(startup.isUp()).isTrue();
    }

    @Test
    void isUpOnlyOnceTheCheckHasRunAtTheStartOfTheAgent() {
        restores(ALL, Stage.CONFIGURED);
        assertThat(startup.isUp()).isFalse();
        runs(Hook.STARTUP_CHECK, DONE);
        assertThat(startup.isUp()).isTrue();
        nothingIsDue();
        assertThat(startup.nextAt()).contains(T0.plus(network.settings().checkPeriod()));
    }

    @Test
    void isUpOnlyOnceTheCheckHasRunAfterAStartup() {
        begins(ALL);
        comesUp();
        assertThat(startup.isUp()).isFalse();
        runs(Hook.STARTUP_CHECK, DONE);
        assertThat(startup.isUp()).isTrue();
    }

    @Test
    void startsOverWhenTheCheckFindsItGone() {
        restores(ALL, Stage.CONFIGURED);
        runs(Hook.STARTUP_CHECK, FAILED);
        runs(Hook.SHUTDOWN, FAILED);
        comesUp();
        runs(Hook.STARTUP_CHECK, DONE);
        assertThat(startup.isUp()).isTrue();

        runs(Hook.STARTUP_CHECK, FAILED);
        assertThat(now).isEqualTo(T0.plus(network.settings().checkPeriod()));
        assertThat(startup.startsOver()).isTrue();
    }

    @Test
    void reportsACheckThatContradictsTheStartupAndDoesNotStartAgain() {
        begins(ALL);
        comesUp();
        runs(Hook.STARTUP_CHECK, FAILED);
        assertThat(startup.startsOver()).isFalse();
        assertThat(startup.isUp()).isTrue();
        assertThat(startup.failure().orElseThrow().message()).isEqualTo("CheckFailed right after its startup: no");
        runs(Hook.STARTUP_CHECK, FAILED);
        assertThat(startup.startsOver()).isFalse();
        runs(Hook.STARTUP_CHECK, DONE);
        assertThat(startup.failure()).isEmpty();
        runs(Hook.STARTUP_CHECK, FAILED);
        assertThat(startup.startsOver()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.flannelx.reconcile.PeerReconcilerTest#noWord")
    void makesNothingOfAnEndThatIsNotTheChecksOwnWord(HookOutcome outcome) {
        restores(ALL, Stage.CONFIGURED);
        runs(Hook.STARTUP_CHECK, outcome);
        assertThat(startup.startsOver()).isFalse();
        assertThat(startup.isUp()).isTrue();
    }

    @Test
    void stretchesThePeriodOfAnExpensiveCheck() {
        restores(ALL, Stage.CONFIGURED);
        runs(Hook.STARTUP_CHECK, new HookOutcome.Succeeded("", "", Duration.ofSeconds(20)));
        runs(Hook.STARTUP_CHECK, DONE);
        assertThat(now).isEqualTo(T0.plusSeconds(180));
    }

    @Test
    void looksAgainWhenTheJournalCouldNotBeWrittenBeforeACheck() {
        restores(ALL, Stage.CONFIGURED);
        startup.notBegun(startup.next(join(), Simulation.SELF, Hook::text, now).orElseThrow(), now);
        nothingIsDue();
        runs(Hook.STARTUP_CHECK, DONE);
        runs(Hook.STARTUP_CHECK, DONE);
    }

    @Test
    void setsShutdownAsideAfterFiveTriesAndCountsItAsDown() {
        restores(NO_CHECK, Stage.CONFIGURED);
        for (int tries = 1; tries <= 5; tries++) {
            assertThat(startup.isDown()).isFalse();
            NodeTask task = startup.nextDown(Hook::text, now).orElseThrow();
            assertThat(task.invocation().hook()).isEqualTo(Hook.SHUTDOWN);
            assertThat(task.attempt()).isEqualTo(tries);
            startup.finished(task, FAILED, true, now);
            now = startup.nextAt().orElse(now);
        }
        assertThat(startup.isDown()).isTrue();
        assertThat(abandoned).containsExactly("shutdown after 5");
        assertThat(startup.nextDown(Hook::text, now)).isEmpty();
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A startup that begins anew: it was found gone while hooks of peers were under way, or is wanted otherwise half-way. */
class StartOverTest {
    private static final Network NETWORK =
            Simulation.network(new HookCommands("pre", "post", "add", "del", "shutdown", null, "check all", null), 2);
    private static final HookOutcome DONE = new HookOutcome.Succeeded("", "", Duration.ZERO);
    private static final HookOutcome GONE = new HookOutcome.Exited(1, "", Duration.ZERO);
    private static final HookOutcome FAILED = GONE;

    private final FakeLeaseStore store = new FakeLeaseStore();
    private final Ports ports = new Ports(
            store, Simulation.NO_RUNNER, new MemoryJournal(), Simulation.NO_PUBLICATION, new ReconcileObserver() {});
    private final NetworkReconciler reconciler =
            new NetworkReconciler(ports, Simulation.SELF, AgentOptions.DEFAULT, new Random(1), Hook::text);
    private final ChoreWork work = new ChoreWork(ports, () -> Instant.EPOCH, step -> step.apply(reconciler.journal()));
    private Instant now = Instant.EPOCH;

    @Test
    void appliesAgainWhatWasBeingAddedWhenTheStartupWasFoundGone() {
        store.observe();
        reconciler.restore(JournalState.EMPTY);
        reconciler.want(new Directive.Join(NETWORK, "uid", 1, true), now);
        assertThat(runAll()).containsExactly(Hook.PRE_STARTUP, Hook.POST_STARTUP, Hook.STARTUP_CHECK);

        Subnet subnet = Simulation.subnet(7);
        store.truth.put(subnet, lease(subnet));
        store.observe();
        reconciler.look(now);
        HookTask add = take(Hook.SUBNET_ADD);
        now = now.plus(NETWORK.settings().checkPeriod());
        reconciler.finished(take(Hook.STARTUP_CHECK), GONE, now);
        assertThat(next()).as("while the add is under way").isEmpty();

        reconciler.finished(add, DONE, now);
        assertThat(runAll())
                .containsExactly(
                        Hook.SHUTDOWN,
                        Hook.PRE_STARTUP,
                        Hook.POST_STARTUP,
                        Hook.STARTUP_CHECK,
                        Hook.SUBNET_REMOVE,
                        Hook.SUBNET_ADD);
        assertThat(reconciler.status("demo", now).peers()).isEqualTo(new NetworkStatus.Peers(1, 1, 0, 0));
    }

    @Test
    void whatWasHalfBuiltIsShutDownByTheCommandsThatItWasBuiltBy() {
        wants(1, "a", "a");
        failsIn(Hook.POST_STARTUP, 1);

        wants(2, "b", "b");
        assertThat(runAllCommands()).containsExactly("shutdown a", "pre b", "post b");
        assertThat(reconciler.status("demo", now).generation()).isEqualTo(2);
    }

    @Test
    void whatWasInterruptedIsShutDownByTheCommandsThatItWasBuiltBy() {
        reconciler.restore(JournalState.EMPTY.after(List.of(new JournalEntry.PutStartup(new AppliedStartup(
                network("a", "a"),
                "uid",
                1,
                new Local("self", Simulation.address(200), Simulation.OWN),
                "",
                AppliedStartup.Stage.CONFIGURING,
                "run of then")))));

        wants(2, "b", "b");
        assertThat(runAllCommands()).containsExactly("shutdown a", "pre b", "post b");
    }

    @Test
    void aShutdownCommandThatAloneIsChangedTakesEffectAtOnce() {
        wants(1, "a", "a");
        failsIn(Hook.POST_STARTUP, 3);

        wants(2, "a", "another a");
        assertThat(runAllCommands()).containsExactly("shutdown another a", "pre a", "post a");
    }

    @Test
    void aClaimThatIsAnsweredWhenTheNodeHasBeenPreparedAnewIsMadeAgain() {
        Chore claim = claimHangsWhileTheNodeIsPreparedAnew();
        reconciler.finished(claim, work.carryOut(claim), now);
        assertThat(store.truth.values()).extracting(Lease::backendData).containsExactly("data of a");
        take(Hook.POST_STARTUP);
        assertThat(store.truth.values()).extracting(Lease::backendData).containsExactly("data of b");
    }

    @Test
    void aLeaseWhoseClaimIsAnsweredTooLateIsGivenUpWithTheRest() {
        Chore claim = claimHangsWhileTheNodeIsPreparedAnew();
        reconciler.want(new Directive.TearDown(), now);

        reconciler.finished(claim, work.carryOut(claim), now);
        assertThat(store.truth).hasSize(1);
        assertThat(runAllCommands()).containsExactly("shutdown b");
        assertThat(reconciler.isForgotten()).isTrue();
        assertThat(store.truth).isEmpty();
    }

    private Chore claimHangsWhileTheNodeIsPreparedAnew() {
        wants(1, "a", "a");
        reconciler.finished(take(Hook.PRE_STARTUP), printed("data of a"), now);
        Chore claim = takeClaim();
        wants(2, "b", "b");
        reconciler.finished(takeAtOnce(Hook.SHUTDOWN), DONE, now);
        reconciler.finished(takeAtOnce(Hook.PRE_STARTUP), printed("data of b"), now);
        return claim;
    }

    private static HookOutcome printed(String data) {
        return new HookOutcome.Succeeded(data, "", Duration.ZERO);
    }

    private Chore takeClaim() {
        Chore chore = reconciler.nextChore(now).orElseThrow();
        while (!(chore instanceof Chore.Claim)) {
            reconciler.finished(chore, work.carryOut(chore), now);
            chore = reconciler.nextChore(now).orElseThrow();
        }
        return chore;
    }

    private void wants(long generation, String startup, String shutdown) {
        reconciler.want(new Directive.Join(network(startup, shutdown), "uid", generation, true), now);
        store.observe();
        reconciler.look(now);
    }

    private static Network network(String startup, String shutdown) {
        return Simulation.network(
                new HookCommands(
                        "pre " + startup, "post " + startup, "add", "del", "shutdown " + shutdown, null, null, null),
                1);
    }

    /** Comes up as far as this hook, which fails so many times. */
    private void failsIn(Hook failing, int times) {
        for (int failures = 0; failures < times; ) {
            HookTask task = next().orElseThrow();
            boolean fails = task.invocation().hook() == failing;
            failures += fails ? 1 : 0;
            reconciler.finished(task, fails ? FAILED : DONE, now);
            now = now.plus(NETWORK.settings().retryMaxDelay());
        }
    }

    private List<String> runAllCommands() {
        var ran = new ArrayList<String>();
        for (Optional<HookTask> task = next(); task.isPresent(); task = next()) {
            ran.add(task.get().invocation().command());
            reconciler.finished(task.get(), DONE, now);
        }
        return ran;
    }

    private HookTask take(Hook hook) {
        return take(hook, next());
    }

    /** While a chore is in hand. */
    private HookTask takeAtOnce(Hook hook) {
        return take(hook, reconciler.nextHook(now));
    }

    private static HookTask take(Hook hook, Optional<HookTask> next) {
        HookTask task = next.orElseThrow();
        assertThat(task.invocation().hook()).isEqualTo(hook);
        return task;
    }

    private List<Hook> runAll() {
        var ran = new ArrayList<Hook>();
        for (Optional<HookTask> task = next(); task.isPresent(); task = next()) {
            ran.add(task.get().invocation().hook());
            reconciler.finished(task.get(), DONE, now);
        }
        return ran;
    }

    /** The hook that is due now, or once what chores there are is done. */
    private Optional<HookTask> next() {
        while (true) {
            Optional<HookTask> hook = reconciler.nextHook(now);
            Optional<Chore> chore = hook.isPresent() ? Optional.empty() : reconciler.nextChore(now);
            if (chore.isEmpty()) {
                return hook;
            }
            reconciler.finished(chore.get(), work.carryOut(chore.get()), now);
        }
    }

    private static Lease lease(Subnet subnet) {
        return new Lease(
                "demo",
                "other",
                "uid-other",
                subnet,
                Simulation.address(7),
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives the node's own hooks: preStartup, then (once a subnet is claimed) postStartup, then startupCheck now and again,
 * and in the end shutdown. It decides and remembers; its caller runs what it hands out. Not thread-safe.
 */
final class StartupReconciler {
    private static final int POST_STARTUP_TRIES = 3;
    private static final int SHUTDOWN_TRIES = 5;

    /** How far a start-over has come: shut down, best effort, then begin again from preStartup. */
    private enum Renewal {
        NONE,
        SHUTS_DOWN,
        BEGINS
    }

    private final JournalWriter journal;
    private final ReconcileObserver observer;
    private final RandomGenerator random;
    private final StartupCheck check;
    private final Map<Hook, Integer> attempts = new EnumMap<>(Hook.class);
    private @Nullable AppliedStartup startup;
    private Renewal renewal = Renewal.NONE;
    private boolean down;
    private @Nullable Hook underWay;
    private Instant notBefore = Instant.MIN;
    private NetworkStatus.@Nullable Failure failure;

    StartupReconciler(Shared shared) {
        journal = shared.journal();
        observer = shared.observer();
        random = shared.random();
        check = new StartupCheck(shared.checks());
    }

    /** Takes over what an earlier agent left. A startup that was interrupted starts over. */
    void restore(JournalState state) {
        startup = state.startup();
        boolean interrupted = startup != null && startup.wasInterrupted();
        renewal = interrupted ? Renewal.SHUTS_DOWN : Renewal.NONE;
    }

    Optional<AppliedStartup> applied() {
        return Optional.ofNullable(startup);
    }

    boolean isBusy() {
        return underWay != null;
    }

    /** Whether a hook is under way whose intent is in the journal, and is not to be written over before that ends. */
    private boolean hasIntent() {
        return underWay != null && !underWay.isCheck();
    }

    boolean isUp() {
        return startup != null
                && startup.stage() == Stage.CONFIGURED
                && underWay != Hook.SHUTDOWN
                && renewal == Renewal.NONE
                && check.isDone(startup);
    }

    boolean wantsSubnet() {
        return startup != null && startup.stage() == Stage.PREPARED;
    }

    /** Whether it is half-way up, or shut down and about to begin. */
    boolean isComingUp() {
        boolean halfWay =
                startup != null && (startup.stage() == Stage.PREPARING || startup.stage() == Stage.CONFIGURING);
        return halfWay || renewal == Renewal.BEGINS;
    }

    boolean startsOver() {
        return renewal != Renewal.NONE;
    }

    Optional<NetworkStatus.Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Begins from preStartup.
     *
     * @param subnet the one that the node had or is to have, or null; it is claimed again
     */
    void begin(Directive.Join join, Self self, @Nullable Subnet subnet) {
        put(new AppliedStartup(
                join.network(),
                join.uid(),
                join.generation(),
                new Local(self.node(), self.publicAddress(), subnet),
                "",
                Stage.PREPARING,
                null));
        renewal = Renewal.NONE;
        down = false;
        check.startupBegins();
    }

    /** What brought the node up is not what is wanted now, or half of it is there: begin again once shut down. */
    void startOver(Instant now) {
        renewal = Renewal.SHUTS_DOWN;
        attempts.clear();
        notBefore = now;
    }

    /**
     * A spec whose startup is the same takes effect; one with another waits until what this one built is shut down, by
     * the command that goes with it. Each waits for the end of a hook that is under way.
     */
    void adopt(Directive.Join join) {
        if (startup != null && !hasIntent() && !startup.isBy(join) && startup.bringsUpAs(join.network())) {
            put(startup.withNetwork(join));
        }
    }

    /** The subnet has been claimed with the data at hand; of no use to a node that is being shut down. */
    void claimed(Subnet subnet) {
        if (startup != null && wantsSubnet() && !hasIntent()) {
            Local local = startup.local();
            put(startup.withLocal(new Local(local.node(), local.publicAddress(), subnet))
                    .in(Stage.CONFIGURING, null));
        }
    }

    /** The hook to run next on the way up or, there, the periodic check; empty if there is none now. */
    Optional<NodeTask> next(Directive.Join join, Self self, Function<Hook, String> runs, Instant now) {
        while (startup != null && !isBusy() && !now.isBefore(notBefore)) {
            if (renewal == Renewal.SHUTS_DOWN) {
                Optional<NodeTask> shutdown = shutdown(runs);
                if (shutdown.isPresent()) {
                    return shutdown;
                }
                renewal = Renewal.BEGINS;
            }
            if (renewal == Renewal.BEGINS) {
                begin(join, self, startup.local().subnet());
            }
            var commands = startup.network().commands();
            switch (startup.stage()) {
                case PREPARING -> {
                    Optional<NodeTask> task = task(Hook.PRE_STARTUP, commands.preStartup(), Stage.PREPARING, runs);
                    if (task.isPresent()) {
                        return task;
                    }
                    prepared("");
                }
                case CONFIGURING -> {
                    Optional<NodeTask> task = task(Hook.POST_STARTUP, commands.postStartup(), Stage.CONFIGURING, runs);
                    if (task.isPresent()) {
                        return task;
                    }
                    configured(now);
                }
                case CONFIGURED -> {
                    down = false;
                    Optional<NodeTask> task = check.next(startup, runs, now);
                    underWay = task.isPresent() ? Hook.STARTUP_CHECK : null;
                    return task;
                }
                case PREPARED -> {
                    return Optional.empty();
                }
                case SHUTTING_DOWN -> renewal = down ? Renewal.BEGINS : Renewal.SHUTS_DOWN;
            }
        }
        return Optional.empty();
    }

    /** The shutdown hook, if it is to run now; {@link #isDown} tells the end. */
    Optional<NodeTask> nextDown(Function<Hook, String> runs, Instant now) {
        if (startup == null) {
            down = true;
        }
        if (down || isBusy() || startup == null || now.isBefore(notBefore)) {
            return Optional.empty();
        }
        Optional<NodeTask> task = shutdown(runs);
        down = task.isEmpty();
        return task;
    }

    /** Forgets a node that is down. */
    void forget() {
        startup = null;
        renewal = Renewal.NONE;
        down = false;
        failure = null;
        attempts.clear();
    }

    /** Whether shutdown has succeeded, was set aside, or is none of this network's hooks. */
    boolean isDown() {
        return down;
    }

    /** When to ask again, if nothing happens before. */
    Optional<Instant> nextAt() {
        if (startup == null || isBusy()) {
            return Optional.empty();
        }
        boolean isChecked = isUp() && startup.network().commands().startupCheck() != null;
        return isChecked ? check.nextAt().map(at -> at.isAfter(notBefore) ? at : notBefore) : Optional.of(notBefore);
    }

    /** The task could not be begun, for a reason that has nothing to do with it. */
    void notBegun(NodeTask task, Instant now) {
        underWay = null;
        if (task.invocation().hook().isCheck()) {
            check.notBegun(now);
        }
        notBefore = now.plus(task.intent().network().settings().retryInitialDelay());
    }

    /** The hook has run. */
    void finished(NodeTask task, HookOutcome outcome, boolean goingDown, Instant now) {
        underWay = null;
        Hook hook = task.invocation().hook();
        if (hook.isCheck()) {
            StartupCheck.Finding finding = check.finished(task, outcome, now);
            failure = finding.failure();
            if (finding.gone()) {
                startOver(now);
            }
        } else if (outcome instanceof HookOutcome.Succeeded(String stdout, String _, var _)) {
            attempts.remove(hook);
            failure = null;
            succeeded(hook, stdout, goingDown, now);
        } else {
            failed(task, outcome, goingDown, now);
        }
    }

    private void succeeded(Hook hook, String stdout, boolean goingDown, Instant now) {
        switch (hook) {
            case PRE_STARTUP -> prepared(stdout);
            case POST_STARTUP -> configured(now);
            case SHUTDOWN -> {
                if (startup != null) {
                    put(startup.in(Stage.SHUTTING_DOWN, null));
                }
                shutDown(goingDown);
            }
            case STARTUP_CHECK, SUBNET_ADD, SUBNET_REMOVE, SUBNET_BATCH, SUBNET_CHECK ->
                throw new IllegalStateException(hook + " does not start a node");
        }
    }

    private void failed(NodeTask task, HookOutcome outcome, boolean goingDown, Instant now) {
        Hook hook = task.invocation().hook();
        AppliedStartup intent = task.intent();
        put(intent.in(intent.stage(), null));
        int count = attempts.merge(hook, 1, Integer::sum);
        failure = Failures.of(hook, null, count, outcome, "");
        Backoff backoff = Backoff.of(intent.network().settings());
        notBefore = now.plus(backoff.delay(count, outcome.duration(), random));
        if (hook == Hook.POST_STARTUP && count % POST_STARTUP_TRIES == 0) {
            renewal = Renewal.SHUTS_DOWN;
        }
        if (hook == Hook.SHUTDOWN && (!goingDown || count >= SHUTDOWN_TRIES)) {
            if (goingDown) {
                observer.hookAbandoned(task.invocation(), count);
            }
            attempts.remove(hook);
            notBefore = now;
            shutDown(goingDown);
        }
    }

    private void shutDown(boolean goingDown) {
        down = goingDown;
        if (!goingDown) {
            renewal = Renewal.BEGINS;
        }
    }

    private void prepared(String data) {
        if (startup != null) {
            put(startup.withData(data).in(Stage.PREPARED, null));
        }
    }

    private void configured(Instant now) {
        if (startup != null) {
            put(startup.in(Stage.CONFIGURED, null));
            check.startupRan(startup, now);
        }
    }

    private Optional<NodeTask> shutdown(Function<Hook, String> runs) {
        return startup == null
                ? Optional.empty()
                : task(Hook.SHUTDOWN, startup.network().commands().shutdown(), Stage.SHUTTING_DOWN, runs);
    }

    private Optional<NodeTask> task(Hook hook, @Nullable String command, Stage stage, Function<Hook, String> runs) {
        if (command == null || startup == null) {
            return Optional.empty();
        }
        underWay = hook;
        String run = runs.apply(hook);
        return Optional.of(new NodeTask(
                run,
                new HookInvocation.ForNode(hook, command, startup.local()),
                startup.in(stage, run),
                attempts.getOrDefault(hook, 0) + 1));
    }

    private void put(AppliedStartup newStartup) {
        startup = newStartup;
        journal.note(new JournalEntry.PutStartup(newStartup));
    }
}

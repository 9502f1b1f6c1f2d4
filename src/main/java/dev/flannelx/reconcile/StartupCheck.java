package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The check of a node's startup: when it is due, and what its answer means. One that says "gone" right after the startup
 * disagrees with it, which another startup would not mend: it is reported, and no more. Not thread-safe.
 */
final class StartupCheck {
    private final CheckBudget budget;
    /** It has run since the startup was taken over or ran, or need not. */
    private boolean done;
    /** The startup ran, and no check has found it in place since. */
    private boolean unproven;

    private Instant notBefore = Instant.MIN;

    StartupCheck(CheckBudget budget) {
        this.budget = budget;
    }

    /**
     * What came of a check.
     *
     * @param gone whether the startup is to run again
     * @param failure what people should know of, or null
     */
    record Finding(boolean gone, NetworkStatus.@Nullable Failure failure) {}

    /** Whether the node need not wait for it any more to count as up. */
    boolean isDone(AppliedStartup startup) {
        return done || command(startup) == null;
    }

    void startupBegins() {
        done = false;
    }

    void startupRan(AppliedStartup startup, Instant now) {
        done = command(startup) == null;
        unproven = true;
        notBefore = now;
    }

    /** The check, if it is to run now. */
    Optional<NodeTask> next(AppliedStartup startup, Function<Hook, String> runs, Instant now) {
        String command = command(startup);
        if (command == null) {
            done = true;
            return Optional.empty();
        }
        if (done && (now.isBefore(notBefore) || !budget.allows(now))) {
            return Optional.empty();
        }
        budget.started();
        return Optional.of(new NodeTask(
                runs.apply(Hook.STARTUP_CHECK),
                new HookInvocation.ForNode(Hook.STARTUP_CHECK, command, startup.local()),
                startup,
                1));
    }

    /** When it may run again, unless some check is under way now. */
    Optional<Instant> nextAt() {
        return budget.nextAt().map(allowed -> allowed.isAfter(notBefore) ? allowed : notBefore);
    }

    /** It could not be begun, for a reason that has nothing to do with it. */
    void notBegun(Instant now) {
        budget.finished(Duration.ZERO, now);
    }

    /** It has run. */
    Finding finished(NodeTask task, HookOutcome outcome, Instant now) {
        budget.finished(outcome.duration(), now);
        done = true;
        notBefore = now.plus(task.intent().network().settings().checkPeriod());
        boolean gone = outcome.saysGone();
        String note = gone && unproven ? "CheckFailed right after its startup" : "";
        var finding = new Finding(
                gone && !unproven,
                outcome.succeeded() ? null : Failures.of(Hook.STARTUP_CHECK, null, 1, outcome, note));
        unproven &= !outcome.succeeded();
        return finding;
    }

    private static @Nullable String command(AppliedStartup startup) {
        return startup.network().commands().startupCheck();
    }
}

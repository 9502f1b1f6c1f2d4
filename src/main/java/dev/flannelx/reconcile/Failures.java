package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.Subnet;
import org.jspecify.annotations.Nullable;

/** Tells a person how a hook failed. */
final class Failures {
    private Failures() {}

    /** @param note what else there is to say, or empty */
    static NetworkStatus.Failure of(Hook hook, @Nullable Subnet peer, int attempts, HookOutcome outcome, String note) {
        Integer exitCode = outcome instanceof HookOutcome.Exited(int code, String _, var _) ? code : null;
        String message = note.isEmpty() ? message(outcome) : note + ": " + message(outcome);
        return new NetworkStatus.Failure(hook.text(), peer, attempts, exitCode, message);
    }

    /** The last line of stderr, or where there is none how it ended. */
    static String message(HookOutcome outcome) {
        String lastLine =
                outcome.stderr().lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line.strip());
        return switch (outcome) {
            case HookOutcome.Succeeded _ -> lastLine;
            case HookOutcome.Exited(int code, String _, var _) -> lastLine.isEmpty() ? "exit code " + code : lastLine;
            case HookOutcome.Signalled(int signal, String _, var _) -> join("ended by signal " + signal, lastLine);
            case HookOutcome.TimedOut(var timeout, String _, var _) ->
                join("timed out after " + timeout.toMillis() + " ms", lastLine);
            case HookOutcome.BadOutput(String message, String _, var _) -> message;
            case HookOutcome.NotStarted(String message, var _) -> message;
        };
    }

    private static String join(String how, String lastLine) {
        return lastLine.isEmpty() ? how : how + ": " + lastLine;
    }
}

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
        String message = note.isEmpty() ? outcome.message() : note + ": " + outcome.message();
        return new NetworkStatus.Failure(hook.text(), peer, attempts, exitCode, message);
    }
}

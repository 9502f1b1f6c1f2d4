package dev.flannelx.metrics;

import dev.flannelx.hook.HookOutcome;
import java.util.Locale;
import java.util.Optional;

/** Why a hook failed, as far as a label goes. */
enum FailureReason {
    EXIT,
    TIMEOUT,
    SIGNAL,
    OUTPUT,
    SPAWN;

    /** The reason; empty where it did not fail. */
    static Optional<FailureReason> of(HookOutcome outcome) {
        return switch (outcome) {
            case HookOutcome.Succeeded _ -> Optional.empty();
            case HookOutcome.Exited _ -> Optional.of(EXIT);
            case HookOutcome.TimedOut _ -> Optional.of(TIMEOUT);
            case HookOutcome.Signalled _ -> Optional.of(SIGNAL);
            case HookOutcome.BadOutput _ -> Optional.of(OUTPUT);
            case HookOutcome.NotStarted _ -> Optional.of(SPAWN);
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

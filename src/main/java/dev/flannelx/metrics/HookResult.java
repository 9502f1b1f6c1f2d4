package dev.flannelx.metrics;

import java.util.Locale;
import java.util.Optional;

/** How a hook ended, as far as the label of its duration goes. */
enum HookResult {
    SUCCESS,
    FAILURE,
    TIMEOUT;

    static HookResult of(Optional<FailureReason> failure) {
        return failure.map(reason -> reason == FailureReason.TIMEOUT ? TIMEOUT : FAILURE)
                .orElse(SUCCESS);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

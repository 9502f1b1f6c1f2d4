package dev.flannelx.reconcile;

import dev.flannelx.hook.HookOutcome;
import java.util.Set;

/** Runs hooks of one network on this node. Safe for several threads at once. */
public interface HookRunner {
    /** Runs it to its end or its timeout; blocks that long. Every failure is an outcome. */
    HookOutcome run(HookRun run);

    /**
     * Ends, with their descendants, the processes that those runs of an earlier agent left, and whatever checks of this
     * network left; returns when they are gone.
     */
    void endSurvivors(Set<String> runs);
}

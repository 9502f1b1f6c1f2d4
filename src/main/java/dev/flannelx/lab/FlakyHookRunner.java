package dev.flannelx.lab;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Makes hooks fail at random, two times out of three and at most three times in a row for the same hook and peer: in
 * place of the command, or (where a remove command can clean up) also after it has run.
 */
final class FlakyHookRunner implements HookRunner {
    private static final int MOST_IN_A_ROW = 3;
    /**
     * The third failure of postStartup makes the startup start over, with new data, which only a network that can remove
     * can hand on to those that have added the node already.
     */
    private static final int MOST_WITHOUT_STARTING_OVER = 2;

    private final HookRunner runner;
    private final Random random;
    private final boolean alsoAfter;
    private final Map<String, Integer> inARow = new HashMap<>();

    FlakyHookRunner(HookRunner runner, long seed, boolean alsoAfter) {
        this.runner = runner;
        this.random = new Random(seed);
        this.alsoAfter = alsoAfter;
    }

    @Override
    public HookOutcome run(HookRun run) {
        if (!run.hook().isCheck() && fails(run)) {
            Duration took = Duration.ZERO;
            if (alsoAfter && runsAllTheSame()) {
                took = runner.run(run).duration();
            }
            return new HookOutcome.Exited(1, "made to fail by the lab\n", took);
        }
        return runner.run(run);
    }

    private synchronized boolean fails(HookRun run) {
        String subject = run.hook() + " " + run.variables().get("SUBNET") + " "
                + run.variables().get("IPV6SUBNET") + " " + run.stdin();
        int before = inARow.getOrDefault(subject, 0);
        boolean mustNotStartOver = run.hook() == Hook.POST_STARTUP && !alsoAfter;
        boolean fails =
                before < (mustNotStartOver ? MOST_WITHOUT_STARTING_OVER : MOST_IN_A_ROW) && random.nextInt(3) < 2;
        inARow.put(subject, fails ? before + 1 : 0);
        return fails;
    }

    private synchronized boolean runsAllTheSame() {
        return random.nextBoolean();
    }

    @Override
    public void endSurvivors(Set<String> runs) {
        runner.endSurvivors(runs);
    }
}

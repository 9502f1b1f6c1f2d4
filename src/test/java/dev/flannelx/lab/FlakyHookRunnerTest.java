package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlakyHookRunnerTest {
    private static final int RUNS = 3_000;

    private final Recorder recorder = new Recorder();

    @ParameterizedTest
    @EnumSource(names = {"PRE_STARTUP", "SUBNET_ADD", "SUBNET_REMOVE", "SUBNET_BATCH", "SHUTDOWN"})
    void failsThreeTimesInARowAtMost(Hook hook) {
        for (boolean alsoAfter : List.of(true, false)) {
            assertThat(longestRowOfFailures(fails(new FlakyHookRunner(recorder, 7, alsoAfter), hook)))
                    .isEqualTo(3);
        }
    }

    /** The third failure makes the startup start over, with other data that who has added the node does not get. */
    @Test
    void failsPostStartupTwiceInARowAtMostWhereNothingCanBeRemoved() {
        assertThat(longestRowOfFailures(fails(new FlakyHookRunner(recorder, 7, false), Hook.POST_STARTUP)))
                .isEqualTo(2);
        assertThat(longestRowOfFailures(fails(new FlakyHookRunner(recorder, 7, true), Hook.POST_STARTUP)))
                .isEqualTo(3);
    }

    @Test
    void failsTwoTimesOutOfThreeWhereItMay() {
        List<Boolean> fails = fails(new FlakyHookRunner(recorder, 7, true), Hook.SUBNET_ADD);
        int free = 0;
        int failed = 0;
        int row = 0;
        for (boolean fail : fails) {
            free += row < 3 ? 1 : 0;
            failed += fail ? 1 : 0;
            row = fail ? row + 1 : 0;
        }
        assertThat(failed / (double) free).isBetween(0.63, 0.70);
    }

    @Test
    void countsForEachHookAndPeerAlone() {
        var flaky = new FlakyHookRunner(recorder, 7, false);
        for (int number = 0; number < 200; number++) {
            var fails = new ArrayList<Boolean>();
            do {
                fails.add(!flaky.run(run(Hook.SUBNET_ADD, "10.50.%d.0/24".formatted(number)))
                        .succeeded());
            } while (fails.getLast());
            assertThat(fails).hasSizeLessThanOrEqualTo(4);
        }
        assertThat(recorder.ran).hasSize(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBNET_CHECK", "STARTUP_CHECK"})
    void letsChecksAlone(Hook check) {
        assertThat(fails(new FlakyHookRunner(recorder, 7, true), check)).containsOnly(false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 99})
    void doesTheSameAgainFromTheSameSeed(long seed) {
        List<Boolean> first = fails(new FlakyHookRunner(recorder, seed, true), Hook.SUBNET_ADD);
        List<HookRun> ran = List.copyOf(recorder.ran);
        recorder.ran.clear();
        assertThat(fails(new FlakyHookRunner(recorder, seed, true), Hook.SUBNET_ADD))
                .isEqualTo(first);
        assertThat(recorder.ran).isEqualTo(ran);
        assertThat(fails(new FlakyHookRunner(recorder, seed + 1, true), Hook.SUBNET_ADD))
                .isNotEqualTo(first);
    }

    @Test
    void failsInPlaceOfTheCommandWhereNothingCanBeRemoved() {
        List<Boolean> fails = fails(new FlakyHookRunner(recorder, 7, false), Hook.SUBNET_ADD);
        assertThat(recorder.ran)
                .hasSize((int) fails.stream().filter(fail -> !fail).count());
    }

    @Test
    void failsAlsoAfterTheCommandWhereItCanBeUndone() {
        List<Boolean> fails = fails(new FlakyHookRunner(recorder, 7, true), Hook.SUBNET_ADD);
        long succeeded = fails.stream().filter(fail -> !fail).count();
        assertThat((recorder.ran.size() - succeeded) / (double) (RUNS - succeeded))
                .as("of the failures those whose command ran")
                .isBetween(0.45, 0.55);
    }

    @Test
    void passesOnWhatSurvivedAnEarlierAgent() {
        new FlakyHookRunner(recorder, 7, true).endSurvivors(Set.of("run"));
        assertThat(recorder.ended).containsExactly("run");
    }

    private static List<Boolean> fails(FlakyHookRunner flaky, Hook hook) {
        var fails = new ArrayList<Boolean>();
        for (int i = 0; i < RUNS; i++) {
            HookOutcome outcome = flaky.run(run(hook, "10.50.1.0/24"));
            assertThat(outcome).isInstanceOfAny(HookOutcome.Succeeded.class, HookOutcome.Exited.class);
            fails.add(!outcome.succeeded());
        }
        return fails;
    }

    private static int longestRowOfFailures(List<Boolean> fails) {
        int longest = 0;
        int row = 0;
        for (boolean fail : fails) {
            row = fail ? row + 1 : 0;
            longest = Math.max(longest, row);
        }
        return longest;
    }

    private static HookRun run(Hook hook, String subnet) {
        return new HookRun("id", hook, "command", Map.of("SUBNET", subnet, "IPV6SUBNET", ""), "\n", Duration.ZERO);
    }

    private static final class Recorder implements HookRunner {
        private final List<HookRun> ran = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();

        @Override
        public HookOutcome run(HookRun run) {
            ran.add(run);
            return new HookOutcome.Succeeded("", "", Duration.ZERO);
        }

        @Override
        public void endSurvivors(Set<String> runs) {
            ended.addAll(runs);
        }
    }
}

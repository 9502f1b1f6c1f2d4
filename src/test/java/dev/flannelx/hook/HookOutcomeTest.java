package dev.flannelx.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HookOutcomeTest {
    private static final Duration TOOK = Duration.ofMillis(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 125})
    void aCheckSaysGoneByItsOwnExitCode(int code) {
        assertThat(new HookOutcome.Exited(code, "", TOOK).saysGone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {126, 127, 128, 255})
    void theShellsExitCodesSayNothing(int code) {
        assertThat(new HookOutcome.Exited(code, "", TOOK).saysGone()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("others")
    void noOtherEndSaysGone(HookOutcome outcome) {
        assertThat(outcome.saysGone()).isFalse();
    }

    static Stream<HookOutcome> others() {
        return Stream.of(
                new HookOutcome.Succeeded("", "", TOOK),
                new HookOutcome.Signalled(9, "", TOOK),
                new HookOutcome.TimedOut(TOOK, "", TOOK),
                new HookOutcome.BadOutput("too long", "", TOOK),
                new HookOutcome.NotStarted("no shell", TOOK));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aPersonIsToldTheLastLineOrHowItEnded(HookOutcome outcome, String message) {
        assertThat(outcome.message()).isEqualTo(message);
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of(new HookOutcome.Exited(2, "first\n  no route  \n\n", TOOK), "no route"),
                Arguments.of(new HookOutcome.Exited(2, "", TOOK), "exit code 2"),
                Arguments.of(new HookOutcome.Signalled(9, "", TOOK), "ended by signal 9"),
                Arguments.of(new HookOutcome.Signalled(9, "line", TOOK), "ended by signal 9: line"),
                Arguments.of(new HookOutcome.TimedOut(TOOK, "", TOOK), "timed out after 1 ms"),
                Arguments.of(new HookOutcome.BadOutput("too long", "line", TOOK), "too long"),
                Arguments.of(new HookOutcome.NotStarted("no shell", TOOK), "no shell"));
    }
}

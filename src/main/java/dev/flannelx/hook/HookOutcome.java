package dev.flannelx.hook;

import java.time.Duration;

/**
 * How one run of a hook ended. The end is the shell's own: what it left running in the background does not count.
 * {@code stderr} is the tail that was kept.
 */
public sealed interface HookOutcome {
    /** How long the run took. */
    Duration duration();

    String stderr();

    /** Exit code 0. {@code stdout} without trailing newlines; the head that was kept, for hooks whose output counts. */
    record Succeeded(String stdout, String stderr, Duration duration) implements HookOutcome {}

    /** Exit code 1 to 255 that is not a signal's. */
    record Exited(int code, String stderr, Duration duration) implements HookOutcome {
        /** Beyond it the shell speaks of the command (126, 127) or of a signal. */
        private static final int LAST_CODE_OF_A_COMMAND = 125;
    }

    /** Ended by a signal that was not ours. */
    record Signalled(int signal, String stderr, Duration duration) implements HookOutcome {}

    /** Still running at its timeout, and ended with all its descendants. */
    record TimedOut(Duration timeout, String stderr, Duration duration) implements HookOutcome {}

    /** Exit code 0, with output that cannot be a node's data; {@code message} says why. */
    record BadOutput(String message, String stderr, Duration duration) implements HookOutcome {}

    /** No shell came to run: {@code message} says why. */
    record NotStarted(String message, Duration duration) implements HookOutcome {
        @Override
        public String stderr() {
            return "";
        }
    }

    default boolean succeeded() {
        return this instanceof Succeeded;
    }

    /**
     * Whether this, as the end of a check, is the check's own word that what it looked for is gone: an exit code of 1 to
     * 125. What is neither that nor a success says nothing.
     */
    default boolean saysGone() {
        return this instanceof Exited(int code, String _, Duration _) && code <= Exited.LAST_CODE_OF_A_COMMAND;
    }

    /** The last line of stderr, or where there is none how it ended: for a person. */
    default String message() {
        String lastLine = stderr().lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line.strip());
        return switch (this) {
            case Succeeded _ -> lastLine;
            case Exited(int code, String _, Duration _) -> lastLine.isEmpty() ? "exit code " + code : lastLine;
            case Signalled(int signal, String _, Duration _) -> join("ended by signal " + signal, lastLine);
            case TimedOut(Duration timeout, String _, Duration _) ->
                join("timed out after " + timeout.toMillis() + " ms", lastLine);
            case BadOutput(String message, String _, Duration _) -> message;
            case NotStarted(String message, Duration _) -> message;
        };
    }

    private static String join(String how, String lastLine) {
        return lastLine.isEmpty() ? how : how + ": " + lastLine;
    }
}

package dev.flannelx.app;

/** What flannelx exits with. */
final class ExitCode {
    static final int DONE = 0;
    /** It did not work; the reason is on stderr. */
    static final int FAILED = 1;
    /** Wrong usage, or unreadable or invalid input. */
    static final int WRONG = 2;

    private ExitCode() {}
}

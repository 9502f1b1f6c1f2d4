package dev.flannelx.host;

import java.io.IOException;
import java.time.Duration;

/**
 * A shell that was started. It belongs to the thread that started it, but for {@link #terminate} and {@link #kill}, which
 * any thread may call at any time.
 */
interface ShellProcess extends AutoCloseable {
    /** Waits for the end of the shell, at most so long, and reads its outputs meanwhile; tells whether it has ended. */
    boolean await(Duration longest) throws IOException;

    /** How it ended, once it has. */
    ExitStatus status() throws IOException;

    /** What was kept of its stdout: the beginning. */
    String stdout();

    /** What was kept of its stderr: the end. */
    String stderr();

    /** Asks it and what it started to end. */
    void terminate();

    /** Ends it and what it started. */
    void kill();

    /** Lets go of its outputs: what it left running may no longer write to them. One that has not ended is killed. */
    @Override
    void close();
}

package dev.flannelx.host;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The reading end of a hook's output: everything is read, so that the hook never blocks. */
final class PolledPipe {
    /** So much is still read after the shell's end, of what a daemon that it left behind may go on writing. */
    private static final int LAST_BYTES = 1 << 20;

    private final int descriptor;
    private final Output output;
    private boolean open = true;

    /**
     * A pipe that nothing was read from.
     *
     * @param descriptor must not block
     */
    PolledPipe(int descriptor, Output output) {
        this.descriptor = descriptor;
        this.output = output;
    }

    /** What to poll: the descriptor, or -1 (which poll passes over) once it has ended. */
    int descriptor() {
        return open ? descriptor : -1;
    }

    /** Reads what is there, once; tells how much. */
    int drain(MemorySegment buffer, MemorySegment state) throws IOException {
        int count = open ? Posix.read(descriptor, buffer, state) : 0;
        if (count > 0) {
            output.add(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        } else if (count == 0) {
            open = false;
        }
        return count;
    }

    /** Reads what is still in the pipe when the shell has ended. */
    void drainRest(MemorySegment buffer, MemorySegment state) throws IOException {
        int total = 0;
        for (int count = drain(buffer, state); count > 0 && total < LAST_BYTES; count = drain(buffer, state)) {
            total += count;
        }
    }

    String text() {
        return output.text();
    }
}

package dev.flannelx.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** The reading end of a hook's output: everything is read, so that the hook never blocks. */
final class PolledPipe {
    private static final int BUFFER_BYTES = 1 << 14;

    private final int descriptor;
    private final Output output;
    private final Arena arena;
    private @Nullable MemorySegment buffer;
    private boolean open = true;

    /** A pipe that nothing was read from. */
    PolledPipe(int descriptor, Output output, Arena arena) {
        this.descriptor = descriptor;
        this.output = output;
        this.arena = arena;
    }

    /** What to poll: the descriptor, or -1 (which poll passes over) once it has ended. */
    int descriptor() {
        return open ? descriptor : -1;
    }

    /**
     * Reads what is there, once, if a poll says that something is; tells how much.
     *
     * @param events the poll's
     */
    int drain(short events, MemorySegment state) throws IOException {
        if ((events & Posix.POLLIN) == 0) {
            open &= events == 0;
            return 0;
        }
        if (buffer == null) {
            buffer = arena.allocate(BUFFER_BYTES);
        }
        int count = Posix.read(descriptor, buffer, state);
        output.add(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
        return count;
    }

    String text() {
        return output.text();
    }
}

package dev.flannelx.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** One of a hook's outputs: everything is read, so that the hook never blocks, and a bounded part of it is kept. */
final class Output {
    /** Enough for the longest valid data and its newline, and to see that there is more. */
    static final int KEPT_BYTES = 8192;

    /** So much is still read after the shell's end, of what a daemon that it left behind may go on writing. */
    private static final int LAST_BYTES = 1 << 20;

    private final int descriptor;
    private final boolean keepsTail;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean open = true;

    Output(int descriptor, boolean keepsTail) {
        this.descriptor = descriptor;
        this.keepsTail = keepsTail;
    }

    /** What to poll: the descriptor, or -1 (which poll passes over) once it has ended. */
    int descriptor() {
        return open ? descriptor : -1;
    }

    /** Reads what is there, once; tells how much. */
    int drain(MemorySegment buffer, MemorySegment state) throws IOException {
        int count = open ? Posix.read(descriptor, buffer, state) : 0;
        if (count > 0) {
            keep(buffer, count);
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
        return kept.toString(StandardCharsets.UTF_8);
    }

    private void keep(MemorySegment buffer, int count) {
        byte[] bytes = buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        if (keepsTail) {
            kept.write(bytes, 0, count);
            if (kept.size() > KEPT_BYTES) {
                byte[] all = kept.toByteArray();
                kept.reset();
                kept.write(all, all.length - KEPT_BYTES, KEPT_BYTES);
            }
        } else {
            kept.write(bytes, 0, Math.min(count, KEPT_BYTES - kept.size()));
        }
    }
}

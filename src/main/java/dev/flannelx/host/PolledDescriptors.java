package dev.flannelx.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The array of {@code struct pollfd} that poll(2) takes, of descriptors to be read. */
final class PolledDescriptors {
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;

    private final MemorySegment array;

    /** Room for so many. */
    PolledDescriptors(int count, Arena arena) {
        array = arena.allocate((long) count * POLLFD_BYTES, POLLFD_BYTES);
    }

    /** Has the next poll look at a descriptor, or at none if it is negative. */
    void watch(int index, int descriptor) {
        long offset = (long) index * POLLFD_BYTES;
        array.set(ValueLayout.JAVA_INT, offset, descriptor);
        array.set(ValueLayout.JAVA_SHORT, offset + EVENTS, Posix.POLLIN);
        array.set(ValueLayout.JAVA_SHORT, offset + REVENTS, (short) 0);
    }

    /** Waits for one of the first {@code count}, at most so long; a signal may end the wait sooner. */
    void poll(int count, int millis, MemorySegment state) throws IOException {
        Posix.poll(array, count, millis, state);
    }

    /** What the last poll found; 0 if nothing. */
    short events(int index) {
        return array.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + REVENTS);
    }
}

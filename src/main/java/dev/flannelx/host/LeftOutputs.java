package dev.flannelx.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads, and throws away, what is written by what hooks left running. Closed, such a pipe would end its writer by SIGPIPE
 * at the next line that it logs; unread, it would fill and stop it. Safe for several threads.
 */
final class LeftOutputs {
    /** A descriptor that is taken meanwhile is read after so long at the latest; its pipe holds 64 KiB. */
    private static final int POLL_MILLIS = 1000;

    private static final int BUFFER_BYTES = 1 << 16;
    /** Whoever writes without end is slowed down by this, and takes no processor for itself. */
    private static final Duration PAUSE = Duration.ofMillis(10);
    /** A stream that nobody writes to has ended long before. */
    private static final Duration END = Duration.ofMillis(100);

    private final List<Integer> taken = new ArrayList<>();
    private boolean reading;

    /** Takes over a pipe's reading end, and closes it when nobody is left who could write to the pipe. */
    synchronized void take(int descriptor) {
        taken.add(descriptor);
        if (!reading) {
            reading = true;
            var _ = start(this::readAll);
        }
    }

    /** The same for a stream, which takes a thread of its own until it ends; at its end already, it is closed at once. */
    static void take(InputStream stream) {
        Thread reader = start(() -> read(stream));
        try {
            reader.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread start(Runnable reader) {
        return Thread.ofPlatform().daemon().name("flannelx-left-output").start(reader);
    }

    private static void read(InputStream stream) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (stream) {
            while (stream.read(buffer) >= 0) {
                pause();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            List<Integer> open = takenBeside(List.of());
            while (!open.isEmpty()) {
                open = takenBeside(readOnce(open, buffer, state));
            }
        }
    }

    /** These, and what was taken since the last call; where that is nothing, the thread has to end. */
    private synchronized List<Integer> takenBeside(List<Integer> open) {
        var all = new ArrayList<>(open);
        all.addAll(taken);
        taken.clear();
        reading = !all.isEmpty();
        return all;
    }

    /** Waits for something to read, and reads; returns what is still open. */
    private static List<Integer> readOnce(List<Integer> descriptors, MemorySegment buffer, MemorySegment state) {
        var open = new ArrayList<Integer>();
        try (Arena arena = Arena.ofConfined()) {
            var polled = new PolledDescriptors(descriptors.size(), arena);
            for (int i = 0; i < descriptors.size(); i++) {
                polled.watch(i, descriptors.get(i));
            }
            poll(polled, descriptors.size(), state);
            for (int i = 0; i < descriptors.size(); i++) {
                int descriptor = descriptors.get(i);
                if (isOpen(descriptor, polled.events(i), buffer, state)) {
                    open.add(descriptor);
                } else {
                    Posix.close(descriptor);
                }
            }
        }
        pause();
        return open;
    }

    private static void poll(PolledDescriptors polled, int count, MemorySegment state) {
        try {
            polled.poll(count, POLL_MILLIS, state);
        } catch (IOException e) {
            // Memory is short: it found nothing, and is made again.
            return;
        }
    }

    private static boolean isOpen(int descriptor, short events, MemorySegment buffer, MemorySegment state) {
        if ((events & Posix.POLLIN) == 0) {
            return events == 0;
        }
        try {
            return Posix.read(descriptor, buffer, state) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}

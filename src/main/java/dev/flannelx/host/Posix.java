package dev.flannelx.host;

import static dev.flannelx.host.CLibrary.INT;
import static dev.flannelx.host.CLibrary.LONG;
import static dev.flannelx.host.CLibrary.POINTER;
import static dev.flannelx.host.CLibrary.call;
import static dev.flannelx.host.CLibrary.notCalled;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that waiting for a hook takes, as glibc (2.36 or newer, x86-64 or AArch64) has them. Every method that
 * can fail throws {@link IOException} with the call and its errno. A {@code state} is {@link CLibrary#state}, one for all
 * calls of a thread.
 */
final class Posix {
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final short POLLIN = 1;

    private static final int O_CLOEXEC = 0x80000;
    private static final int MFD_CLOEXEC = 1;
    private static final int EINTR = 4;
    private static final int ESRCH = 3;

    private static final MethodHandle PIPE2 = CLibrary.settingErrno("pipe2", INT, POINTER, INT);
    private static final MethodHandle MEMFD_CREATE = CLibrary.settingErrno("memfd_create", INT, POINTER, INT);
    private static final MethodHandle PWRITE = CLibrary.settingErrno("pwrite", LONG, INT, POINTER, LONG, LONG);
    private static final MethodHandle READ = CLibrary.settingErrno("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle CLOSE = CLibrary.function("close", INT, INT);
    private static final MethodHandle PIDFD_OPEN = CLibrary.settingErrno("pidfd_open", INT, INT, INT);
    private static final MethodHandle POLL = CLibrary.settingErrno("poll", INT, POINTER, LONG, INT);
    private static final MethodHandle WAITPID = CLibrary.settingErrno("waitpid", INT, INT, POINTER, INT);
    private static final MethodHandle KILL = CLibrary.settingErrno("kill", INT, INT, INT);
    private static final MethodHandle UMASK = CLibrary.function("umask", INT, INT);

    private static final MemorySegment STDIN = Arena.global().allocateFrom("stdin");

    private Posix() {}

    /** Two ends of a pipe, neither inherited. */
    record Pipe(int read, int write) {}

    static Pipe pipe(Arena arena, MemorySegment state) throws IOException {
        MemorySegment ends = arena.allocate(2 * INT.byteSize(), INT.byteAlignment());
        int result;
        do {
            try {
                result = (int) PIPE2.invokeExact(state, ends, O_CLOEXEC);
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("pipe2", result, state));
        return new Pipe(ends.getAtIndex(INT, 0), ends.getAtIndex(INT, 1));
    }

    /** A file without a name that holds {@code content} and is read from its beginning. */
    static int memoryFile(byte[] content, Arena arena, MemorySegment state) throws IOException {
        int file;
        do {
            try {
                file = (int) MEMFD_CREATE.invokeExact(state, STDIN, MFD_CLOEXEC);
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("memfd_create", file, state));
        MemorySegment bytes = arena.allocate(content.length);
        MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, 0, content.length);
        try {
            for (long written = 0; written < content.length; ) {
                written += write(file, bytes.asSlice(written), written, state);
            }
        } catch (IOException e) {
            close(file);
            throw e;
        }
        return file;
    }

    private static long write(int file, MemorySegment bytes, long offset, MemorySegment state) throws IOException {
        long count;
        do {
            try {
                count = (long) PWRITE.invokeExact(state, file, bytes, bytes.byteSize(), offset);
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("pwrite", count, state));
        return count;
    }

    /** Reads what is there, or waits for it: the number of bytes, 0 at the end. */
    static int read(int descriptor, MemorySegment buffer, MemorySegment state) throws IOException {
        long count;
        do {
            try {
                count = (long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize());
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("read", count, state));
        return (int) count;
    }

    static void close(int descriptor) {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw notCalled(e);
        }
    }

    /** A descriptor that becomes readable when the process ends. */
    static int pidfd(int pid, MemorySegment state) throws IOException {
        int descriptor;
        do {
            try {
                descriptor = (int) PIDFD_OPEN.invokeExact(state, pid, 0);
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("pidfd_open", descriptor, state));
        return descriptor;
    }

    /** Whether the kernel has such descriptors. */
    static boolean hasPidfds() {
        try (Arena arena = Arena.ofConfined()) {
            close(pidfd((int) ProcessHandle.current().pid(), CLibrary.state(arena)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits for one of the {@code struct pollfd}s, at most so long; a signal may end the wait sooner. */
    static void poll(MemorySegment descriptors, long count, int millis, MemorySegment state) throws IOException {
        int ready;
        try {
            ready = (int) POLL.invokeExact(state, descriptors, count, millis);
        } catch (Throwable e) {
            throw notCalled(e);
        }
        boolean _ = isInterrupted("poll", ready, state);
    }

    /** Takes the status of a child that has ended. */
    static ExitStatus reap(int pid, Arena arena, MemorySegment state) throws IOException {
        MemorySegment status = arena.allocate(INT);
        int reaped;
        do {
            try {
                reaped = (int) WAITPID.invokeExact(state, pid, status, 0);
            } catch (Throwable e) {
                throw notCalled(e);
            }
        } while (isInterrupted("waitpid", reaped, state));
        int word = status.get(INT, 0);
        int signal = word & 0x7f;
        return signal == 0 ? new ExitStatus(false, (word >> 8) & 0xff) : new ExitStatus(true, signal);
    }

    /** Sends a signal to a process, or to a group if negative; none there is no error. */
    static void kill(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            int result = call(() -> (int) KILL.invokeExact(state, pid, signal));
            if (result < 0 && CLibrary.errno(state) != ESRCH) {
                throw new IllegalStateException("kill " + pid + ": errno " + CLibrary.errno(state));
            }
        }
    }

    /** Sets this process's file mode creation mask. */
    static void umask(int mask) {
        call(() -> (int) UMASK.invokeExact(mask));
    }

    /** Whether a call was interrupted by a signal; throws if it failed otherwise. */
    private static boolean isInterrupted(String name, long result, MemorySegment state) throws IOException {
        int errno = result < 0 ? CLibrary.errno(state) : 0;
        if (errno != 0 && errno != EINTR) {
            throw new IOException(name + ": errno " + errno);
        }
        return errno != 0;
    }
}

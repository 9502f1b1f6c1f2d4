package dev.flannelx.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * The system calls that running a hook takes, as glibc (2.34 or newer, x86-64 or AArch64) has them. Every method that can
 * fail throws {@link IOException} with the call and its errno.
 */
final class Posix {
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final short POLLIN = 1;

    private static final int AF_SPAWN_ATTRIBUTES = 512;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    private static final int SIGSET_BYTES = 128;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int MFD_CLOEXEC = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ESRCH = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    private static final java.lang.foreign.AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle SPAWN =
            plain("posix_spawnp", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle ATTR_INIT = plain("posix_spawnattr_init", INT, POINTER);
    private static final MethodHandle ATTR_SETFLAGS = plain("posix_spawnattr_setflags", INT, POINTER, SHORT);
    private static final MethodHandle ATTR_SETSIGDEFAULT =
            plain("posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    private static final MethodHandle ATTR_SETSIGMASK = plain("posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    private static final MethodHandle ACTIONS_INIT = plain("posix_spawn_file_actions_init", INT, POINTER);
    private static final MethodHandle ACTIONS_DESTROY = plain("posix_spawn_file_actions_destroy", INT, POINTER);
    private static final MethodHandle ACTIONS_ADDDUP2 =
            plain("posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    private static final MethodHandle ACTIONS_ADDCLOSEFROM =
            plain("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);
    private static final MethodHandle ACTIONS_ADDCHDIR =
            plain("posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);
    private static final MethodHandle SIGFILLSET = plain("sigfillset", INT, POINTER);
    private static final MethodHandle PIPE2 = capturing("pipe2", INT, POINTER, INT);
    private static final MethodHandle MEMFD_CREATE = capturing("memfd_create", INT, POINTER, INT);
    private static final MethodHandle PWRITE = capturing("pwrite", LONG, INT, POINTER, LONG, LONG);
    private static final MethodHandle READ = capturing("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle CLOSE = plain("close", INT, INT);
    private static final MethodHandle FCNTL = fcntl();
    private static final MethodHandle PIDFD_OPEN = capturing("pidfd_open", INT, INT, INT);
    private static final MethodHandle POLL = capturing("poll", INT, POINTER, LONG, INT);
    private static final MethodHandle WAITPID = capturing("waitpid", INT, INT, POINTER, INT);
    private static final MethodHandle KILL = capturing("kill", INT, INT, INT);
    private static final MethodHandle UMASK = plain("umask", INT, INT);

    private Posix() {}

    /** Two ends of a pipe, the reading one not blocking, neither inherited. */
    record Pipe(int read, int write) {}

    /** How a child ended: {@code code} is its exit code, or the signal's number. */
    record Exit(boolean signalled, int code) {}

    /** Attributes that give a child its own session and process group, no blocked signal, and defaults for all. */
    static MemorySegment sessionAttributes(Arena arena) throws IOException {
        MemorySegment attributes = arena.allocate(AF_SPAWN_ATTRIBUTES, 16);
        MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGSET_BYTES, 8);
        check("posix_spawnattr_init", (int) call(ATTR_INIT, attributes));
        call(SIGFILLSET, all);
        check("posix_spawnattr_setsigdefault", (int) call(ATTR_SETSIGDEFAULT, attributes, all));
        check("posix_spawnattr_setsigmask", (int) call(ATTR_SETSIGMASK, attributes, none));
        short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        check("posix_spawnattr_setflags", (int) call(ATTR_SETFLAGS, attributes, flags));
        return attributes;
    }

    /**
     * Starts a program, looked up in PATH, with these three descriptors and no others.
     *
     * @return its process id
     */
    static int spawn(Spawn spawn, int stdin, int stdout, int stderr) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(AF_SPAWN_ATTRIBUTES, 16);
            MemorySegment pid = arena.allocate(INT);
            check("posix_spawn_file_actions_init", (int) call(ACTIONS_INIT, actions));
            try {
                call(ACTIONS_ADDDUP2, actions, stdin, 0);
                call(ACTIONS_ADDDUP2, actions, stdout, 1);
                call(ACTIONS_ADDDUP2, actions, stderr, 2);
                call(ACTIONS_ADDCHDIR, actions, arena.allocateFrom(spawn.directory()));
                call(ACTIONS_ADDCLOSEFROM, actions, 3);
                MemorySegment argv = pointers(arena, spawn.argv());
                MemorySegment envp = pointers(arena, spawn.environment());
                int error =
                        (int) call(SPAWN, pid, argv.getAtIndex(POINTER, 0), actions, spawn.attributes(), argv, envp);
                check("cannot start " + spawn.argv().getFirst(), error);
            } finally {
                call(ACTIONS_DESTROY, actions);
            }
            return pid.get(INT, 0);
        }
    }

    /**
     * What to start.
     *
     * @param environment {@code NAME=value} each
     * @param attributes of {@link #sessionAttributes}
     */
    record Spawn(List<String> argv, List<String> environment, String directory, MemorySegment attributes) {}

    static Pipe pipe() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(INT, 2);
            failing("pipe2", arena, state -> (int) call(PIPE2, state, ends, O_CLOEXEC));
            int read = ends.getAtIndex(INT, 0);
            call(FCNTL, read, F_SETFL, O_NONBLOCK);
            return new Pipe(read, ends.getAtIndex(INT, 1));
        }
    }

    /** A file without a name that holds {@code content} and is read from its beginning. */
    static int memoryFile(byte[] content) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("stdin");
            int file = failing("memfd_create", arena, state -> (int) call(MEMFD_CREATE, state, name, MFD_CLOEXEC));
            MemorySegment bytes = arena.allocate(Math.max(1, content.length));
            MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, 0, content.length);
            long written = 0;
            while (written < content.length) {
                long from = written;
                written += failing("pwrite", arena, state ->
                        (int) (long) call(PWRITE, state, file, bytes.asSlice(from), content.length - from, from));
            }
            return file;
        }
    }

    /** Reads what is there: the number of bytes, 0 at the end, -1 if there is nothing yet. */
    static int read(int descriptor, MemorySegment buffer, MemorySegment state) throws IOException {
        long count = (long) call(READ, state, descriptor, buffer, buffer.byteSize());
        int errno = count < 0 ? (int) ERRNO.get(state, 0L) : 0;
        if (errno != 0 && errno != EAGAIN && errno != EINTR) {
            throw new IOException("read: errno " + errno);
        }
        return (int) count;
    }

    static void close(int descriptor) {
        call(CLOSE, descriptor);
    }

    /** A descriptor that becomes readable when the process ends. */
    static int pidfd(int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return failing("pidfd_open", arena, state -> (int) call(PIDFD_OPEN, state, pid, 0));
        }
    }

    /** Waits for one of the {@code struct pollfd}s, at most so long. */
    static void poll(MemorySegment descriptors, long count, int millis, MemorySegment state) throws IOException {
        int ready = (int) call(POLL, state, descriptors, count, millis);
        int errno = ready < 0 ? (int) ERRNO.get(state, 0L) : 0;
        if (errno != 0 && errno != EINTR) {
            throw new IOException("poll: errno " + errno);
        }
    }

    /** Takes the status of a child that has ended. */
    static Exit reap(int pid) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(INT);
            failing("waitpid", arena, state -> (int) call(WAITPID, state, pid, status, 0));
            int word = status.get(INT, 0);
            int signal = word & 0x7f;
            return signal == 0 ? new Exit(false, (word >> 8) & 0xff) : new Exit(true, signal);
        }
    }

    /** Sends a signal to a process, or to a group if negative; none there is no error. */
    static void kill(int pid, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) call(KILL, state, pid, signal);
            if (result < 0 && (int) ERRNO.get(state, 0L) != ESRCH) {
                throw new IllegalStateException("kill " + pid + ": errno " + ERRNO.get(state, 0L));
            }
        }
    }

    /** Sets this process's file mode creation mask. */
    static void umask(int mask) {
        call(UMASK, mask);
    }

    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    private static MemorySegment pointers(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(POINTER, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(POINTER, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    private interface Call {
        int with(MemorySegment state);
    }

    private static int failing(String name, Arena arena, Call call) throws IOException {
        MemorySegment state = arena.allocate(STATE);
        while (true) {
            int result = call.with(state);
            int errno = result < 0 ? (int) ERRNO.get(state, 0L) : 0;
            if (errno == 0) {
                return result;
            }
            if (errno != EINTR) {
                throw new IOException(name + ": errno " + errno);
            }
        }
    }

    private static void check(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException(what + ": " + (error == 2 ? "not found" : "errno " + error));
        }
    }

    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a system call could not be made", e);
        }
    }

    private static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle capturing(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle fcntl() {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(INT, INT, INT, INT),
                Linker.Option.firstVariadicArg(2));
    }
}

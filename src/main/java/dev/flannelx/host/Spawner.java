package dev.flannelx.host;

import static dev.flannelx.host.CLibrary.INT;
import static dev.flannelx.host.CLibrary.POINTER;
import static dev.flannelx.host.CLibrary.SHORT;
import static dev.flannelx.host.CLibrary.call;
import static dev.flannelx.host.CLibrary.notCalled;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts programs by posix_spawn, each in a process group of its own and in one directory. Safe for several threads. */
final class Spawner {
    /** Where glibc's own are 336 (attributes) and 80 bytes (file actions) on x86-64. */
    private static final int OPAQUE_BYTES = 512;

    private static final int SIGSET_BYTES = 128;
    private static final short POSIX_SPAWN_SETPGROUP = 0x02;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    /** Four hooks at once come to some three hundred combinations of descriptors, each of which takes half a kilobyte. */
    static final int MOST_FILE_ACTIONS = 1024;

    private static final int ENOENT = 2;

    private static final MethodHandle SPAWN =
            CLibrary.function("posix_spawnp", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle ATTRIBUTES_INIT = CLibrary.function("posix_spawnattr_init", INT, POINTER);
    private static final MethodHandle SET_FLAGS = CLibrary.function("posix_spawnattr_setflags", INT, POINTER, SHORT);
    private static final MethodHandle SET_DEFAULTS =
            CLibrary.function("posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    private static final MethodHandle SET_MASK = CLibrary.function("posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    private static final MethodHandle FILL = CLibrary.function("sigfillset", INT, POINTER);
    private static final MethodHandle ACTIONS_INIT = CLibrary.function("posix_spawn_file_actions_init", INT, POINTER);
    private static final MethodHandle ACTIONS_DESTROY =
            CLibrary.function("posix_spawn_file_actions_destroy", INT, POINTER);
    private static final MethodHandle ADD_DUP =
            CLibrary.function("posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    private static final MethodHandle ADD_CLOSE_FROM =
            CLibrary.function("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);
    private static final MethodHandle ADD_CHDIR =
            CLibrary.function("posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);

    private final MemorySegment attributes;
    private final MemorySegment directory;
    /** {@code NAME=value} as C strings, by name: encoded once, since most of an environment never changes. */
    private final Map<String, MemorySegment> environment = new HashMap<>();
    /** Pointers to all of them. */
    private final MemorySegment wholeEnvironment;
    /**
     * What children do about their files. The kernel gives out the lowest descriptors that are free, so that most children
     * are given ones that an earlier one had.
     */
    private final Map<Streams, MemorySegment> fileActions = new ConcurrentHashMap<>();
    /**
     * Where programs are, as C strings by name: a child that looks itself tries each directory of PATH by an execve that
     * fails.
     */
    private final Map<String, MemorySegment> programs = new ConcurrentHashMap<>();

    /**
     * Starts what it starts in this directory, with these variables.
     *
     * @throws IOException if the C library refuses
     */
    Spawner(String directory, Map<String, String> environment) throws IOException {
        Arena arena = Arena.ofAuto();
        attributes = attributes(arena);
        this.directory = arena.allocateFrom(directory);
        environment.forEach((name, value) -> this.environment.put(name, arena.allocateFrom(name + "=" + value)));
        wholeEnvironment = CStrings.pointers(this.environment.values(), arena);
    }

    /** A child's own process group, no blocked signal, and defaults for all. */
    private static MemorySegment attributes(Arena arena) throws IOException {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGSET_BYTES, 8);
        short group = hasTerminal() ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
        short flags = (short) (group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        check("posix_spawnattr_init", call(() -> (int) ATTRIBUTES_INIT.invokeExact(attributes)));
        check("sigfillset", call(() -> (int) FILL.invokeExact(all)));
        check("posix_spawnattr_setsigdefault", call(() -> (int) SET_DEFAULTS.invokeExact(attributes, all)));
        check("posix_spawnattr_setsigmask", call(() -> (int) SET_MASK.invokeExact(attributes, none)));
        check("posix_spawnattr_setflags", call(() -> (int) SET_FLAGS.invokeExact(attributes, flags)));
        return attributes;
    }

    /**
     * Whether this process has a controlling terminal, by {@code tty_nr} of proc_pid_stat(5). A child that asked there for
     * something would be stopped, so that it gets a session of its own; that costs the kernel a scheduling group for each
     * child, which a daemon's children can do without.
     */
    private static boolean hasTerminal() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String terminal = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[4];
        return !terminal.equals("0");
    }

    /**
     * Starts a program, looked up in PATH, with these three descriptors and no others.
     *
     * @param variables added to the others, or put in their place
     * @return its process id
     * @throws IOException if it cannot be started
     */
    int spawn(List<String> argv, Map<String, String> variables, Streams streams, Arena arena) throws IOException {
        MemorySegment pid = arena.allocate(INT);
        MemorySegment program = programs.computeIfAbsent(argv.getFirst(), Spawner::locate);
        MemorySegment argvs = CStrings.array(argv, MemorySegment.NULL, arena);
        MemorySegment envs = environment(variables, arena);
        MemorySegment actions = fileActions(streams);
        int error;
        try {
            error = (int) SPAWN.invokeExact(pid, program, actions, attributes, argvs, envs);
        } catch (Throwable e) {
            throw notCalled(e);
        }
        check("cannot start " + argv.getFirst(), error);
        return pid.get(INT, 0);
    }

    /** The descriptors that become a child's first three. */
    record Streams(int stdin, int stdout, int stderr) {
        /** Written out, since a record's own takes longer. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Streams streams
                    && stdin == streams.stdin
                    && stdout == streams.stdout
                    && stderr == streams.stderr;
        }

        @Override
        public int hashCode() {
            return (31 * stdin + stdout) * 31 + stderr;
        }
    }

    private MemorySegment fileActions(Streams streams) throws IOException {
        MemorySegment known = fileActions.get(streams);
        if (known != null) {
            return known;
        }
        if (fileActions.size() >= MOST_FILE_ACTIONS) {
            fileActions.clear();
        }
        MemorySegment fresh = newFileActions(streams);
        fileActions.put(streams, fresh);
        return fresh;
    }

    /** What the C library keeps for them goes when nothing here refers to them any more. */
    private MemorySegment newFileActions(Streams streams) throws IOException {
        Arena arena = Arena.ofAuto();
        MemorySegment memory = arena.allocate(OPAQUE_BYTES, 16);
        check("posix_spawn_file_actions_init", call(() -> (int) ACTIONS_INIT.invokeExact(memory)));
        MemorySegment actions = memory.reinterpret(arena, old -> call(() -> (int) ACTIONS_DESTROY.invokeExact(old)));
        addDup(actions, streams.stdin(), 0);
        addDup(actions, streams.stdout(), 1);
        addDup(actions, streams.stderr(), 2);
        check("addchdir_np", call(() -> (int) ADD_CHDIR.invokeExact(actions, directory)));
        check("addclosefrom_np", call(() -> (int) ADD_CLOSE_FROM.invokeExact(actions, 3)));
        return actions;
    }

    private static void addDup(MemorySegment actions, int from, int to) throws IOException {
        check("adddup2", call(() -> (int) ADD_DUP.invokeExact(actions, from, to)));
    }

    /**
     * As a C string, where PATH has a program; its name alone, which posix_spawnp then says is not found, where it has
     * none.
     */
    private static MemorySegment locate(String name) {
        String program = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(name);
        return Arena.ofAuto().allocateFrom(program);
    }

    private MemorySegment environment(Map<String, String> variables, Arena arena) {
        var own = new ArrayList<String>(variables.size());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            own.add(variable.getKey() + "=" + variable.getValue());
        }
        return CStrings.array(own, inherited(variables.keySet(), arena), arena);
    }

    /** Pointers to what a child has of this process's environment: all but what its own variables replace. */
    private MemorySegment inherited(Set<String> replaced, Arena arena) {
        return Collections.disjoint(environment.keySet(), replaced)
                ? wholeEnvironment
                : CStrings.pointers(
                        environment.entrySet().stream()
                                .filter(variable -> !replaced.contains(variable.getKey()))
                                .map(Map.Entry::getValue)
                                .toList(),
                        arena);
    }

    private static void check(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException(what + ": " + (error == ENOENT ? "not found" : "errno " + error));
        }
    }
}

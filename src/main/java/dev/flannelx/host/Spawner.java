package dev.flannelx.host;

import static dev.flannelx.host.CLibrary.INT;
import static dev.flannelx.host.CLibrary.POINTER;
import static dev.flannelx.host.CLibrary.SHORT;
import static dev.flannelx.host.CLibrary.call;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Starts programs by posix_spawn, each in a session of its own and in one directory. Safe for several threads. */
final class Spawner {
    /** Where glibc's own are 336 (attributes) and 80 bytes (file actions) on x86-64. */
    private static final int OPAQUE_BYTES = 512;

    private static final int SIGSET_BYTES = 128;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;
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
    /** Where programs are, by name: a child that looks itself tries each directory of PATH by an execve that fails. */
    private final Map<String, String> programs = new ConcurrentHashMap<>();

    /**
     * Starts what it starts in this directory, with these variables.
     *
     * @throws IOException if the C library refuses
     */
    Spawner(String directory, Map<String, String> environment) throws IOException {
        Arena arena = Arena.ofAuto();
        attributes = sessionAttributes(arena);
        this.directory = arena.allocateFrom(directory);
        environment.forEach((name, value) -> this.environment.put(name, arena.allocateFrom(name + "=" + value)));
    }

    /** A child's own session and process group, no blocked signal, and defaults for all. */
    private static MemorySegment sessionAttributes(Arena arena) throws IOException {
        MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGSET_BYTES, 8);
        short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        check("posix_spawnattr_init", call(() -> (int) ATTRIBUTES_INIT.invokeExact(attributes)));
        check("sigfillset", call(() -> (int) FILL.invokeExact(all)));
        check("posix_spawnattr_setsigdefault", call(() -> (int) SET_DEFAULTS.invokeExact(attributes, all)));
        check("posix_spawnattr_setsigmask", call(() -> (int) SET_MASK.invokeExact(attributes, none)));
        check("posix_spawnattr_setflags", call(() -> (int) SET_FLAGS.invokeExact(attributes, flags)));
        return attributes;
    }

    /**
     * Starts a program, looked up in PATH, with these three descriptors and no others.
     *
     * @param variables added to the others, or put in their place
     * @return its process id
     * @throws IOException if it cannot be started
     */
    int spawn(List<String> argv, Map<String, String> variables, Streams streams, Arena arena) throws IOException {
        MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
        MemorySegment pid = arena.allocate(INT);
        MemorySegment program = arena.allocateFrom(programs.computeIfAbsent(argv.getFirst(), Spawner::locate));
        MemorySegment argvs = CStrings.array(argv, List.of(), arena);
        MemorySegment envs = environment(variables, arena);
        check("posix_spawn_file_actions_init", call(() -> (int) ACTIONS_INIT.invokeExact(actions)));
        try {
            addDup(actions, streams.stdin(), 0);
            addDup(actions, streams.stdout(), 1);
            addDup(actions, streams.stderr(), 2);
            check("addchdir_np", call(() -> (int) ADD_CHDIR.invokeExact(actions, directory)));
            check("addclosefrom_np", call(() -> (int) ADD_CLOSE_FROM.invokeExact(actions, 3)));
            check("cannot start " + argv.getFirst(), call(() ->
                    (int) SPAWN.invokeExact(pid, program, actions, attributes, argvs, envs)));
        } finally {
            call(() -> (int) ACTIONS_DESTROY.invokeExact(actions));
        }
        return pid.get(INT, 0);
    }

    /** The descriptors that become a child's first three. */
    record Streams(int stdin, int stdout, int stderr) {}

    private static void addDup(MemorySegment actions, int from, int to) throws IOException {
        check("adddup2", call(() -> (int) ADD_DUP.invokeExact(actions, from, to)));
    }

    /** Where PATH has a program; its name alone, which posix_spawnp then says is not found, where it has none. */
    private static String locate(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory).resolve(name))
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(name);
    }

    private MemorySegment environment(Map<String, String> variables, Arena arena) {
        var inherited = new ArrayList<MemorySegment>(environment.size());
        for (Map.Entry<String, MemorySegment> variable : environment.entrySet()) {
            if (!variables.containsKey(variable.getKey())) {
                inherited.add(variable.getValue());
            }
        }
        var own = new ArrayList<String>(variables.size());
        variables.forEach((name, value) -> own.add(name + "=" + value));
        return CStrings.array(own, inherited, arena);
    }

    private static void check(String what, int error) throws IOException {
        if (error != 0) {
            throw new IOException(what + ": " + (error == ENOENT ? "not found" : "errno " + error));
        }
    }
}

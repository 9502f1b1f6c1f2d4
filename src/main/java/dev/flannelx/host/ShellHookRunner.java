package dev.flannelx.host;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.BackendData;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs hooks by {@code sh -c}, each in a session and process group of its own, in one private directory.
 *
 * <p>Processes are started by posix_spawn through the foreign function interface: {@link ProcessBuilder} goes through a
 * helper program, which makes a hook half as expensive again, has no process group, and cannot be waited for apart from
 * its pipes. The waiting thread polls the process and its two pipes together, so that a hook may write as much as it
 * likes, and what it leaves behind may hold the pipes open: the shell's end is the end.
 */
public final class ShellHookRunner implements HookRunner {
    private static final Duration TERM_GRACE = Duration.ofSeconds(2);
    private static final int POLLFD_BYTES = 8;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int PRIVATE_UMASK = 077;

    private final List<String> prefix;
    private final String directory;
    private final String network;
    private final List<String> baseEnvironment;
    private final MemorySegment attributes;
    private final Map<String, Integer> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * A runner for one network.
     *
     * @param directory the private one; made if it is not there
     * @param prefix words before {@code sh -c}, such as those that enter a namespace; none on a node
     * @throws IOException if the directory cannot be made
     */
    public ShellHookRunner(String network, Path directory, List<String> prefix) throws IOException {
        this.network = network;
        this.prefix = List.copyOf(prefix);
        this.directory = directory.toString();
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // The mask is the process's. Nothing else here relies on it: whatever others are to read sets its own mode.
        Posix.umask(PRIVATE_UMASK);
        baseEnvironment = System.getenv().entrySet().stream()
                .filter(variable -> !variable.getKey().equals(HookRun.VARIABLE))
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        attributes = Posix.sessionAttributes(Arena.ofAuto());
    }

    @Override
    public HookOutcome run(HookRun run) {
        long start = System.nanoTime();
        if (closed) {
            return new HookOutcome.NotStarted("the agent is stopping", Duration.ZERO);
        }
        try (Arena arena = Arena.ofConfined()) {
            return run(run, arena, start);
        } catch (IOException e) {
            return new HookOutcome.NotStarted(String.valueOf(e.getMessage()), since(start));
        }
    }

    private HookOutcome run(HookRun run, Arena arena, long start) throws IOException {
        int stdin = Posix.memoryFile(run.stdin().getBytes(StandardCharsets.UTF_8));
        Posix.Pipe stdout = Posix.pipe();
        Posix.Pipe stderr = Posix.pipe();
        int pid;
        try {
            pid = Posix.spawn(
                    new Posix.Spawn(argv(run), environment(run), directory, attributes),
                    stdin,
                    stdout.write(),
                    stderr.write());
        } catch (IOException e) {
            Posix.close(stdout.read());
            Posix.close(stderr.read());
            throw e;
        } finally {
            Posix.close(stdin);
            Posix.close(stdout.write());
            Posix.close(stderr.write());
        }
        running.put(run.id(), pid);
        if (closed) {
            Posix.kill(-pid, Posix.SIGKILL);
        }
        var out = new Output(stdout.read(), false);
        var err = new Output(stderr.read(), true);
        try {
            boolean timedOut = await(run, pid, out, err, arena);
            Posix.Exit exit = Posix.reap(pid);
            return outcome(run, exit, timedOut, out, err, since(start));
        } finally {
            running.remove(run.id());
            Posix.close(stdout.read());
            Posix.close(stderr.read());
        }
    }

    /** Waits for the shell's end, at most until the timeout, after which it ends it; tells whether it had to. */
    private boolean await(HookRun run, int pid, Output out, Output err, Arena arena) throws IOException {
        int pidfd = Posix.pidfd(pid);
        try {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            MemorySegment state = Posix.state(arena);
            MemorySegment polled = arena.allocate(3L * POLLFD_BYTES, 8);
            long end = System.nanoTime() + run.timeout().toNanos();
            boolean timedOut = false;
            while (true) {
                long left = (end - System.nanoTime() + 999_999) / 1_000_000;
                if (left <= 0 && !timedOut) {
                    timedOut = true;
                    Posix.kill(-pid, Posix.SIGTERM);
                    HookProcesses.end(run.id()::equals, TERM_GRACE);
                    Posix.kill(-pid, Posix.SIGKILL);
                }
                watch(polled, 0, pidfd);
                watch(polled, 1, out.descriptor());
                watch(polled, 2, err.descriptor());
                Posix.poll(polled, 3, timedOut ? -1 : (int) Math.min(left, Integer.MAX_VALUE), state);
                if (isReady(polled, 0)) {
                    out.drainRest(buffer, state);
                    err.drainRest(buffer, state);
                    return timedOut;
                }
                if (isReady(polled, 1)) {
                    out.drain(buffer, state);
                }
                if (isReady(polled, 2)) {
                    err.drain(buffer, state);
                }
            }
        } finally {
            Posix.close(pidfd);
        }
    }

    private static void watch(MemorySegment polled, int index, int descriptor) {
        polled.set(ValueLayout.JAVA_INT, (long) index * POLLFD_BYTES, descriptor);
        polled.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 4, Posix.POLLIN);
        polled.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 6, (short) 0);
    }

    private static boolean isReady(MemorySegment polled, int index) {
        return polled.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 6) != 0;
    }

    private static HookOutcome outcome(
            HookRun run, Posix.Exit exit, boolean timedOut, Output out, Output err, Duration took) {
        String stderr = err.text();
        if (timedOut) {
            return new HookOutcome.TimedOut(run.timeout(), stderr, took);
        }
        if (exit.signalled()) {
            return new HookOutcome.Signalled(exit.code(), stderr, took);
        }
        if (exit.code() != 0) {
            return new HookOutcome.Exited(exit.code(), stderr, took);
        }
        String stdout = out.text().replaceFirst("\n+\\z", "");
        Optional<String> problem = run.hook() == Hook.PRE_STARTUP ? BackendData.problemWith(stdout) : Optional.empty();
        return problem.<HookOutcome>map(message -> new HookOutcome.BadOutput(message, stderr, took))
                .orElseGet(() -> new HookOutcome.Succeeded(stdout, stderr, took));
    }

    @Override
    public void endSurvivors(Set<String> runs) {
        String checks = HookRun.checkPrefix(network);
        HookProcesses.end(run -> runs.contains(run) || run.startsWith(checks), TERM_GRACE);
    }

    /** Ends every hook that is under way, as it is, and runs none any more. */
    public void kill() {
        closed = true;
        running.values().forEach(pid -> Posix.kill(-pid, Posix.SIGKILL));
        HookProcesses.find(running::containsKey).forEach(pid -> Posix.kill(pid, Posix.SIGKILL));
    }

    /** Runs no more hooks, and gives those under way so long before it ends them. */
    public void stop(Duration grace) {
        closed = true;
        long end = System.nanoTime() + grace.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        running.values().forEach(pid -> Posix.kill(-pid, Posix.SIGTERM));
        HookProcesses.end(running::containsKey, TERM_GRACE);
    }

    private List<String> argv(HookRun run) {
        return Stream.concat(prefix.stream(), Stream.of("sh", "-c", run.command()))
                .toList();
    }

    private List<String> environment(HookRun run) {
        var environment = new ArrayList<String>();
        for (String variable : baseEnvironment) {
            if (!run.variables().containsKey(variable.substring(0, variable.indexOf('=')))) {
                environment.add(variable);
            }
        }
        run.variables().forEach((name, value) -> environment.add(name + "=" + value));
        environment.add(HookRun.VARIABLE + "=" + run.id());
        return environment;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

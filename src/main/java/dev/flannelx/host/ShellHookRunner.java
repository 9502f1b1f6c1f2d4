package dev.flannelx.host;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.BackendData;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs hooks by {@code sh -c} in one private directory. How a shell is started is the {@link ShellLauncher}'s: by
 * posix_spawn where the C library and the kernel have what that takes, by {@link ProcessBuilder} elsewhere.
 */
public final class ShellHookRunner implements HookRunner {
    private static final Duration TERM_GRACE = Duration.ofSeconds(2);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private final String checks;
    private final ShellLauncher launcher;
    private final Map<String, ShellProcess> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * A runner for one network on one node.
     *
     * @param directory the private one; made when a hook finds it missing, since a journal that is erased takes it away
     * @param prefix words before {@code sh -c}, such as those that enter a namespace; none on a node
     * @throws IOException if the C library cannot be called
     */
    public ShellHookRunner(String network, String node, Path directory, List<String> prefix) throws IOException {
        this(HookRun.checkPrefix(network, node), launcher(directory, prefix));
    }

    ShellHookRunner(String checks, ShellLauncher launcher) {
        this.checks = checks;
        this.launcher = launcher;
    }

    private static ShellLauncher launcher(Path directory, List<String> prefix) throws IOException {
        ShellLauncher launcher = SpawnLauncher.isPossible()
                ? new SpawnLauncher(directory.toString(), prefix)
                : new BuilderLauncher(directory, prefix);
        return makingDirectory(directory, launcher);
    }

    /**
     * A launcher that makes its directory when a start has failed, and tries that once more: to look before each would
     * cost more, and after it the directory may be there, made by another thread that had missed it too.
     */
    static ShellLauncher makingDirectory(Path directory, ShellLauncher launcher) {
        return run -> {
            try {
                return launcher.start(run);
            } catch (IOException e) {
                makePrivate(directory);
                return launcher.start(run);
            }
        };
    }

    /** Makes the directory, if it is not there. What it is in, others may look into. */
    static Path makePrivate(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            PublicDirectory.make(parent);
        }
        return Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Override
    public HookOutcome run(HookRun run) {
        long start = System.nanoTime();
        if (closed) {
            return new HookOutcome.NotStarted("the agent is stopping", Duration.ZERO);
        }
        try (ShellProcess shell = launcher.start(run)) {
            return await(run, shell, start);
        } catch (IOException e) {
            return new HookOutcome.NotStarted(Shown.trouble(e), since(start));
        }
    }

    private HookOutcome await(HookRun run, ShellProcess shell, long start) throws IOException {
        running.put(run.id(), shell);
        try {
            if (closed) {
                shell.kill();
            }
            boolean timedOut = !shell.await(run.timeout());
            if (timedOut) {
                shell.terminate();
                var _ = HookProcesses.end(run.id()::equals, TERM_GRACE);
                shell.kill();
                if (!shell.await(KILL_PATIENCE)) {
                    // The kernel does something for it, and lets it end after that: nothing of the hook runs any more.
                    return new HookOutcome.TimedOut(run.timeout(), shell.stderr(), since(start));
                }
            }
            return outcome(run, shell, timedOut, since(start));
        } finally {
            running.remove(run.id());
        }
    }

    private static HookOutcome outcome(HookRun run, ShellProcess shell, boolean timedOut, Duration took)
            throws IOException {
        ExitStatus status = shell.status();
        String stderr = shell.stderr();
        if (timedOut) {
            return new HookOutcome.TimedOut(run.timeout(), stderr, took);
        }
        if (status.signalled()) {
            return new HookOutcome.Signalled(status.code(), stderr, took);
        }
        if (status.code() != 0) {
            return new HookOutcome.Exited(status.code(), stderr, took);
        }
        String stdout = withoutTrailingNewlines(shell.stdout());
        Optional<String> problem = run.hook() == Hook.PRE_STARTUP ? BackendData.problemWith(stdout) : Optional.empty();
        return problem.isPresent()
                ? new HookOutcome.BadOutput(problem.get(), stderr, took)
                : new HookOutcome.Succeeded(stdout, stderr, took);
    }

    private static String withoutTrailingNewlines(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(0, end);
    }

    @Override
    public void endSurvivors(Set<String> runs) {
        List<ProcessHandle> left = HookProcesses.end(run -> runs.contains(run) || run.startsWith(checks), TERM_GRACE);
        if (!left.isEmpty()) {
            throw new IllegalStateException("process %d, of a hook that an earlier agent began, does not end"
                    .formatted(left.getFirst().pid()));
        }
    }

    /** Ends every hook that is under way, as it is, and runs none any more. */
    public void kill() {
        closed = true;
        Set<String> runs = Set.copyOf(running.keySet());
        running.values().forEach(ShellProcess::kill);
        HookProcesses.find(runs::contains).forEach(ProcessHandle::destroyForcibly);
    }

    /** Runs no more hooks, and gives those under way so long before it ends them. */
    public void stop(Duration grace) {
        closed = true;
        long end = System.nanoTime() + grace.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Set<String> runs = Set.copyOf(running.keySet());
        running.values().forEach(ShellProcess::terminate);
        var _ = HookProcesses.end(runs::contains, TERM_GRACE);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A shell that {@link ProcessBuilder} started. Its outputs are named pipes, since those of {@link Process} cannot be read
 * without waiting for whoever else holds them.
 */
final class BuiltShell implements ShellProcess {
    private static final long SHORTEST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;
    /** Java says for a shell that a signal ended what a shell says for a command: this and the signal's number. */
    private static final int SIGNALLED = 128;

    private static final int LAST_SIGNAL = 64;

    private final Process process;
    private final String run;
    private final NamedPipe out;
    private final NamedPipe err;

    private BuiltShell(Process process, String run, NamedPipe out, NamedPipe err) {
        this.process = process;
        this.run = run;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it.
     *
     * @param directory where files are made that are gone again when this returns
     * @throws IOException if it could not be started
     */
    static BuiltShell start(ProcessBuilder builder, HookRun run, Path directory) throws IOException {
        try (var files = new HookFiles(directory, run.stdin())) {
            builder.redirectInput(files.stdin().toFile())
                    .redirectOutput(files.stdout().toFile())
                    .redirectError(files.stderr().toFile());
            var out = new NamedPipe(files.stdout(), new Output(false));
            var err = new NamedPipe(files.stderr(), new Output(true));
            try {
                return new BuiltShell(builder.start(), run.id(), out, err);
            } catch (IOException e) {
                out.close();
                err.close();
                throw e;
            }
        }
    }

    /** Looks at the pipes ever more rarely while nothing comes. */
    @Override
    public boolean await(Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        long pause = SHORTEST_PAUSE_NANOS;
        while (true) {
            long left = end - System.nanoTime();
            if (hasEndedWithin(Math.min(pause, left))) {
                out.drainRest();
                err.drainRest();
                return true;
            }
            if (left <= 0) {
                return false;
            }
            boolean came = out.drain() + err.drain() > 0;
            pause = came ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private boolean hasEndedWithin(long nanos) throws IOException {
        try {
            return process.waitFor(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public ExitStatus status() {
        int code = process.exitValue();
        boolean signalled = code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL;
        return new ExitStatus(signalled, signalled ? code - SIGNALLED : code);
    }

    @Override
    public String stdout() {
        return out.text();
    }

    @Override
    public String stderr() {
        return err.text();
    }

    @Override
    public void terminate() {
        forTree(ProcessHandle::destroy);
    }

    @Override
    public void kill() {
        forTree(ProcessHandle::destroyForcibly);
    }

    /** The parent last: without it the descent is lost. */
    private void forTree(Consumer<ProcessHandle> action) {
        List<ProcessHandle> descendants = process.descendants().toList();
        descendants.forEach(action);
        action.accept(process.toHandle());
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
            // What it started in that very moment has no parent any more that it could be found by.
            var _ = HookProcesses.end(run::equals, Duration.ZERO);
        }
        out.close();
        err.close();
    }
}

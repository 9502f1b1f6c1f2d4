package dev.flannelx.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A shell that posix_spawn started. The waiting thread polls the process and its two pipes together, so that a hook may
 * write as much as it likes, and what it leaves behind may hold the pipes open: the shell's end is the end.
 */
final class SpawnedShell implements ShellProcess {
    /** Room for what most hooks take: their variables above all. */
    private static final int MEMORY_BYTES = 1 << 12;
    /** For so long the pipes hold what a hook writes: most have ended by then, and cost no wake but that of their end. */
    private static final int UNWATCHED_MILLIS = 20;
    /** So much is still read after the shell's end, of what a daemon that it left behind may go on writing. */
    private static final int LAST_BYTES = 1 << 20;

    private static final int PROCESS = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final LeftOutputs LEFT = new LeftOutputs();

    private final Arena arena = new BlockArena(MEMORY_BYTES);
    private final MemorySegment state = CLibrary.state(arena);
    private final PolledDescriptors polled = new PolledDescriptors(3, arena);
    private final Descriptors descriptors = new Descriptors();
    private final PolledPipe out;
    private final PolledPipe err;
    private final int pid;
    private final int pidfd;
    private boolean reaped;

    /**
     * Starts it.
     *
     * @throws IOException if it could not be started; nothing is left of it then
     */
    SpawnedShell(Spawner spawner, List<String> argv, Map<String, String> variables, String stdin) throws IOException {
        try (var childs = new Descriptors()) {
            int input = childs.add(Posix.memoryFile(stdin.getBytes(StandardCharsets.UTF_8), arena, state));
            Posix.Pipe stdout = pipe(childs);
            Posix.Pipe stderr = pipe(childs);
            out = new PolledPipe(stdout.read(), new Output(false), arena);
            err = new PolledPipe(stderr.read(), new Output(true), arena);
            pid = spawner.spawn(argv, variables, new Spawner.Streams(input, stdout.write(), stderr.write()), arena);
            pidfd = descriptors.add(Posix.pidfd(pid, state));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Posix.Pipe pipe(Descriptors childs) throws IOException {
        Posix.Pipe pipe = Posix.pipe(arena, state);
        descriptors.add(pipe.read());
        childs.add(pipe.write());
        return pipe;
    }

    @Override
    public boolean await(Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        polled.watch(PROCESS, pidfd);
        polled.poll(1, Math.clamp(longest.toMillis(), 0, UNWATCHED_MILLIS), state);
        while (polled.events(PROCESS) == 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            pollAll(Math.clamp((left + 999_999) / 1_000_000, 0, Integer.MAX_VALUE));
        }
        int total = 0;
        for (int count = pollAll(0); count > 0 && total < LAST_BYTES; count = pollAll(0)) {
            total += count;
        }
        leave(out);
        leave(err);
        return true;
    }

    /** What the shell has left running may go on writing there. */
    private void leave(PolledPipe pipe) {
        if (pipe.descriptor() >= 0) {
            LEFT.take(descriptors.release(pipe.descriptor()));
        }
    }

    /** Waits for the process or one of its pipes, and reads what these have; tells how much that was. */
    private int pollAll(int millis) throws IOException {
        polled.watch(PROCESS, pidfd);
        polled.watch(STDOUT, out.descriptor());
        polled.watch(STDERR, err.descriptor());
        polled.poll(3, millis, state);
        return out.drain(polled.events(STDOUT), state) + err.drain(polled.events(STDERR), state);
    }

    @Override
    public synchronized ExitStatus status() throws IOException {
        reaped = true;
        return Posix.reap(pid, arena, state);
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
        signal(Posix.SIGTERM);
    }

    @Override
    public void kill() {
        signal(Posix.SIGKILL);
    }

    /** Once it is reaped, its number may be another's. */
    private synchronized void signal(int signal) {
        if (!reaped) {
            Posix.kill(-pid, signal);
        }
    }

    /** What nobody has asked the status of ends here, though it may take the kernel a while. */
    @Override
    public void close() {
        boolean left = killLeft();
        descriptors.close();
        arena.close();
        if (left) {
            Thread.ofPlatform().daemon().name("flannelx-reaper-" + pid).start(this::reap);
        }
    }

    /** Kills it if nobody has asked its status; its number is no longer this one's to signal then. */
    private synchronized boolean killLeft() {
        boolean left = pid != 0 && !reaped;
        if (left) {
            kill();
            reaped = true;
        }
        return left;
    }

    private void reap() {
        try (Arena own = Arena.ofConfined()) {
            Posix.reap(pid, own, CLibrary.state(own));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

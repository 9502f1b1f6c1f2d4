package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds what hooks have started, by the run id that every descendant carries in its environment, and ends it. */
final class HookProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final Path OWN = PROC.resolve("self/environ");
    private static final String MARK = HookRun.VARIABLE + "=";
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private HookProcesses() {}

    /**
     * Ends every process whose run id matches: asks, waits at most {@code grace}, then kills. Returns when none is left, or
     * those that even that does not end, which is so while the kernel does something for them.
     */
    static List<ProcessHandle> end(Predicate<String> runs, Duration grace) {
        return end(() -> find(runs), grace, KILL_PATIENCE);
    }

    static List<ProcessHandle> end(Supplier<List<ProcessHandle>> found, Duration grace, Duration patience) {
        long kill = System.nanoTime() + grace.toNanos();
        long giveUp = kill + patience.toNanos();
        List<ProcessHandle> left = found.get();
        left.forEach(ProcessHandle::destroy);
        while (!left.isEmpty() && System.nanoTime() < giveUp) {
            if (System.nanoTime() >= kill) {
                left.forEach(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            left = found.get();
        }
        return left;
    }

    /** The processes whose run id matches. One that cannot be read is gone, the kernel's or another user's: no hook's. */
    static List<ProcessHandle> find(Predicate<String> runs) {
        var found = new ArrayList<ProcessHandle>();
        boolean allRead = true;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Optional<String> environment = environment(process.resolve("environ"));
                allRead &= environment.isPresent();
                if (environment.filter(text -> carries(text, runs)).isPresent()) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("/proc cannot be listed", e);
        }
        if (!allRead && environment(OWN).isEmpty()) {
            throw new IllegalStateException("/proc cannot be read: not even " + OWN);
        }
        return found;
    }

    private static Optional<String> environment(Path environ) {
        try {
            return Optional.of(new String(Files.readAllBytes(environ), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean carries(String environment, Predicate<String> runs) {
        for (String variable : environment.split("\0", -1)) {
            if (variable.startsWith(MARK) && runs.test(variable.substring(MARK.length()))) {
                return true;
            }
        }
        return false;
    }
}

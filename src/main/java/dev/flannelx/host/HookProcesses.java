package dev.flannelx.host;

import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Finds what hooks have started, by the run id that every descendant carries in its environment, and ends it. */
final class HookProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final String MARK = HookRun.VARIABLE + "=";
    private static final Duration PAUSE = Duration.ofMillis(10);

    private HookProcesses() {}

    /**
     * Ends every process whose run id matches: asks, waits at most {@code grace}, then kills. Returns when none is left.
     */
    static void end(Predicate<String> runs, Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        List<ProcessHandle> left = find(runs);
        left.forEach(ProcessHandle::destroy);
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            left = find(runs);
        }
        while (!left.isEmpty()) {
            left.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(PAUSE.toNanos());
            left = find(runs);
        }
    }

    /** The processes whose run id matches. One that cannot be read is another user's, and so no hook's. */
    static List<ProcessHandle> find(Predicate<String> runs) {
        var found = new ArrayList<ProcessHandle>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carries(process.resolve("environ"), runs)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be listed", e);
        }
        return found;
    }

    private static boolean carries(Path environ, Predicate<String> runs) {
        try {
            String text = new String(Files.readAllBytes(environ), StandardCharsets.ISO_8859_1);
            for (String variable : text.split("\0", -1)) {
                if (variable.startsWith(MARK) && runs.test(variable.substring(MARK.length()))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}

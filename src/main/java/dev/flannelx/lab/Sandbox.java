package dev.flannelx.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program in user, mount, process and network namespaces of its own, where an ordinary user may do what root may,
 * and where everything ends when it ends.
 *
 * <p>The program's stdin is a pipe that nothing is written to: it ends with the process that holds the other end, so that
 * even a sandbox whose maker was killed learns of it.
 */
public final class Sandbox {
    private static final String MARK = "FLANNELX_SANDBOX";
    private static final String PREPARE = "mount -t tmpfs -o mode=755 tmpfs /run && exec \"$@\"";

    private Sandbox() {}

    /** Where it finds programs: in PATH, and where root's PATH looks and an ordinary user's does not. */
    public static List<String> searchPath() {
        var directories = new ArrayList<>(List.of(System.getenv()
                .getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin")
                .split(":", -1)));
        List.of("/usr/local/sbin", "/usr/sbin", "/sbin").stream()
                .filter(directory -> !directories.contains(directory))
                .forEach(directories::add);
        return directories;
    }

    /** Whether this process runs in one. */
    public static boolean isInside() {
        return System.getenv(MARK) != null;
    }

    /**
     * Runs a program in one, with this process's output, and ends it when this process ends.
     *
     * @return its exit code
     * @throws IOException if there is no {@code unshare}
     */
    public static int run(List<String> program) throws IOException {
        var argv = new ArrayList<>(List.of(
                "unshare", "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", PREPARE, "sh"));
        argv.addAll(program);
        var builder = new ProcessBuilder(argv)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(MARK, "1");
        builder.environment().put("PATH", String.join(":", searchPath()));
        Process process = builder.start();
        var end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    /** Inside: ends this process when the one that made the sandbox is gone. */
    public static void endWithMaker() {
        Thread.ofPlatform().daemon().name("maker").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing is ever written: this only waits for the end.
                }
            } catch (IOException e) {
                // The pipe is gone, and so is who held it.
            }
            Runtime.getRuntime().halt(1);
        });
    }
}

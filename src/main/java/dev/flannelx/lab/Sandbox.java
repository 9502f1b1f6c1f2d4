package dev.flannelx.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a program in user, mount, process and network namespaces of its own, where an ordinary user may do what root may,
 * and where everything ends when it ends.
 *
 * <p>The program's stdin is a pipe that one line is written to, what the program is to know. It ends with the process that
 * holds the other end, so that even a sandbox whose maker was killed learns of it.
 */
public final class Sandbox {
    private static final String MARK = "FLANNELX_SANDBOX";
    private static final List<String> UNSHARE = List.of("unshare", "-Urnm", "--pid", "--fork", "--mount-proc");
    private static final String PREPARE = "mount -t tmpfs -o mode=755 tmpfs /run && ip link set lo up && exec \"$@\"";

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

    /** {@link #run(List, Map, String, Runnable)} with nothing added. */
    public static int run(List<String> program) throws IOException {
        return run(program, Map.of(), "", () -> {});
    }

    /**
     * Runs a program in one, with this process's output, and ends it when this process ends.
     *
     * @param environment added to this process's
     * @param line for {@link #line()}
     * @param afterwards run when it has ended, or been ended; not where this process is killed outright
     * @return its exit code
     * @throws IOException if there is no {@code unshare}, or it is not allowed
     */
    public static int run(List<String> program, Map<String, String> environment, String line, Runnable afterwards)
            throws IOException {
        requireNamespaces();
        var argv = new ArrayList<>(UNSHARE);
        argv.addAll(List.of("--kill-child", "sh", "-c", PREPARE, "sh"));
        argv.addAll(program);
        var builder = new ProcessBuilder(argv)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        builder.environment().put(MARK, "1");
        builder.environment().put("PATH", String.join(":", searchPath()));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroyForcibly();
            process.onExit().join();
            afterwards.run();
        }));
        write(line, process.getOutputStream());
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private static void write(String line, OutputStream stdin) {
        try {
            stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            // It has ended already, and says itself why.
            return;
        }
    }

    /** Inside, and before {@link #endWithMaker}: the line that the maker wrote. */
    public static String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Makes one and leaves it: where that is not allowed, what is said of it names no reason. */
    private static void requireNamespaces() throws IOException {
        var argv = new ArrayList<>(UNSHARE);
        argv.add("true");
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(
                    "this machine makes no namespaces for an ordinary user: %s: want the sysctls".formatted(said)
                            + " user.max_user_namespaces above 0 and kernel.apparmor_restrict_unprivileged_userns, where it is"
                            + " there, 0; in a container, a privileged one");
        }
    }

    /** {@link #endWithMaker(Runnable)} with nothing to do before. */
    public static void endWithMaker() {
        endWithMaker(() -> {});
    }

    /**
     * Inside: ends this process when the one that made the sandbox is gone.
     *
     * @param last what to do before
     */
    public static void endWithMaker(Runnable last) {
        Thread.ofPlatform().daemon().name("maker").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nothing more is ever written: this only waits for the end.
                }
            } catch (IOException e) {
                // The pipe is gone, and so is who held it.
            }
            last.run();
            Runtime.getRuntime().halt(1);
        });
    }
}

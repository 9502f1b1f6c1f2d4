package dev.flannelx.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network namespace of a test's own, which needs no root and ends with the test. It may hold others, by {@code ip netns}.
 */
final class TestNamespace implements AutoCloseable {
    private static final String READY = "ready";
    private static final String PREPARE = "mount -t tmpfs tmpfs /run\nip link set lo up\n";

    private final Process holder;

    private TestNamespace(Process holder) {
        this.holder = holder;
    }

    /**
     * Makes one.
     *
     * @param script of the shell, run in it first
     */
    static TestNamespace with(String script) throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare", "-Urnm", "sh", "-ec", PREPARE + script + "\necho " + READY + "\nexec cat")
                .redirectErrorStream(true)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!READY.equals(line)) {
            holder.destroyForcibly();
            throw new IOException("no namespace: " + line);
        }
        return new TestNamespace(holder);
    }

    /** The words that make a program run in it. */
    List<String> enter() {
        return List.of("nsenter", "--preserve-credentials", "-U", "-n", "-m", "-t", String.valueOf(holder.pid()), "--");
    }

    /** Runs a script of the shell in it, and gives what it prints. */
    String run(String script) throws IOException {
        return Program.run(
                Stream.concat(enter().stream(), Stream.of("sh", "-ec", script)).toList(), "");
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}

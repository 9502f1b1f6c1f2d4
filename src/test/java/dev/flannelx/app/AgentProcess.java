package dev.flannelx.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code flannelx agent} in a process of its own, as it is packaged. */
final class AgentProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://\\S+)");
    private static final long MINUTES_AT_MOST = 2;

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param folder for its log
     */
    static AgentProcess start(Path folder, Map<String, String> environment, List<String> arguments) throws IOException {
        if (!Files.exists(JAR)) {
            throw new IOException(JAR + " is missing: run make package");
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString(),
                "agent"));
        command.addAll(arguments);
        Path log = Files.createTempFile(folder, "agent", ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new AgentProcess(builder.start(), log);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Where it serves HTTP; empty until it does. */
    String url() throws IOException {
        Matcher matcher = LISTENING.matcher(log());
        return matcher.find() ? matcher.group(1).replace("0.0.0.0", "127.0.0.1") : "";
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Its exit code; it ends within minutes or is broken. */
    int end() throws IOException, InterruptedException {
        if (!process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)) {
            throw new AssertionError("still running: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

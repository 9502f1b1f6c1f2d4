package dev.flannelx.bench;

import dev.flannelx.app.AgentNode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A daemon that is measured, as a process that is started and told to end. */
final class Contender implements AutoCloseable {
    private static final int SECONDS_TO_END = 30;
    private static final int LAST_LINES = 20;

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;

    /** @param log what it says is added to this file */
    Contender(String name, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    /**
     * flannelx, on that node.
     *
     * @param program the words before {@code agent}
     */
    static Contender agent(List<String> program, AgentNode node, String publicIp, Path log) {
        return new Contender(
                "flannelx",
                Stream.of(program, List.of("agent"), node.arguments(publicIp))
                        .flatMap(List::stream)
                        .toList(),
                Map.of("KUBECONFIG", node.kubeconfig().toString(), "PATH", Jvm.path()),
                log);
    }

    String name() {
        return name;
    }

    void start() throws IOException {
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** What is resident, in MiB. */
    double memory() throws IOException {
        return Memory.mebibytes("VmRSS", Objects.requireNonNull(process).pid());
    }

    /** The end of what it said. */
    String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Tells it to end, as a kubelet would; makes it end if it does not. */
    void stop() {
        Process ending = Objects.requireNonNull(process);
        ending.destroy();
        try {
            ending.onExit().orTimeout(SECONDS_TO_END, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            ending.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            stop();
        }
    }
}

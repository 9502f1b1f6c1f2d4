package dev.flannelx.bench;

import dev.flannelx.simulation.SettledAgent;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** What an agent that has nothing to do asks of the API server, by a clock that goes faster than it should. */
final class RequestBench implements Bench {
    private static final int HOURS = 6;

    @Override
    public String name() {
        return "requests";
    }

    @Override
    public String title() {
        return "requests of one settled agent, an hour, on a real API server";
    }

    @Override
    public String heap() {
        return "512m";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target"), "request-bench");
        try (var agent = new SettledAgent(folder)) {
            SettledAgent.Requests requests = agent.pass(Duration.ofHours(HOURS));
            print(out, "lists (wanted at most 6)", requests.lists().size());
            print(out, "writes (wanted at most 1)", requests.writes().size());
            print(out, "reads of single resources", requests.reads().size());
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private static void print(PrintStream out, String what, int count) {
        out.printf(Locale.ROOT, "  %-44s %8.2f%n", what, (double) count / HOURS);
    }
}

package dev.flannelx.bench;

import dev.flannelx.ScratchFolder;
import dev.flannelx.simulation.SettledAgent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

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
        try (var folder = ScratchFolder.make();
                var agent = new SettledAgent(folder.path())) {
            SettledAgent.Requests requests = agent.pass(Duration.ofHours(HOURS));
            print(out, "lists (wanted at most 6)", requests.lists().size());
            print(out, "writes (wanted at most 1)", requests.writes().size());
            print(out, "reads of single resources", requests.reads().size());
        }
    }

    private static void print(PrintStream out, String what, int count) {
        out.printf(Locale.ROOT, "  %-44s %8.2f%n", what, (double) count / HOURS);
    }
}

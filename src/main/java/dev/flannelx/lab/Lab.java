package dev.flannelx.lab;

import dev.flannelx.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Plays scenarios with a network, in namespaces of this machine. It must itself run in a {@link Sandbox}. */
public final class Lab {
    /** The name that stands for every scenario. */
    public static final String ALL = "all";

    private static final Map<String, Scenario> SCENARIOS = scenarios();

    private final Network network;
    private final ControlPlane.Maker controlPlanes;
    private final Options options;
    private final Consumer<String> progress;

    /**
     * What a person asked for.
     *
     * @param scenario one of {@link #names()}
     * @param timeout of each scenario
     */
    public record Options(int nodes, String scenario, long seed, Duration timeout) {}

    /**
     * A lab that has not begun.
     *
     * @param controlPlanes makes what the nodes of each scenario agree through
     * @param progress is told what goes on, a line at a time
     */
    public Lab(Network network, ControlPlane.Maker controlPlanes, Options options, Consumer<String> progress) {
        this.network = network;
        this.controlPlanes = controlPlanes;
        this.options = options;
        this.progress = progress;
    }

    private static Map<String, Scenario> scenarios() {
        var scenarios = new LinkedHashMap<String, Scenario>();
        scenarios.put("smoke", new SmokeScenario(false));
        scenarios.put("restart", new RestartScenario());
        scenarios.put("leave", new LeaveScenario());
        scenarios.put("flaky", new SmokeScenario(true));
        return scenarios;
    }

    /** The scenarios that can be asked for. */
    public static List<String> names() {
        var names = new ArrayList<>(SCENARIOS.keySet());
        names.add(ALL);
        return names;
    }

    /**
     * Plays what was asked for.
     *
     * @throws IOException if the lab itself could not be built
     */
    public Result play() throws IOException {
        Files.createDirectories(Namespace.SHARED);
        LabCluster.makeBridge();
        var run = new LabRun(options.nodes(), options.seed(), progress);
        var played = new ArrayList<LabReport.Played>();
        for (var scenario : SCENARIOS.entrySet()) {
            if (options.scenario().equals(ALL) || options.scenario().equals(scenario.getKey())) {
                progress.accept("scenario " + scenario.getKey() + ": making " + options.nodes() + " nodes");
                played.add(new LabReport.Played(scenario.getKey(), play(scenario.getValue(), run, played.size())));
            }
        }
        return new Result(new LabReport(network.name(), options.seed(), run, played));
    }

    private Scenario.Verdict play(Scenario scenario, LabRun run, int instance) throws IOException {
        var settings = new LabSettings(network, instance, options.seed(), options.timeout(), scenario.isFlaky());
        try (var cluster = new LabCluster(settings, controlPlanes.make(settings.network()), run::record)) {
            return scenario.play(cluster, run);
        }
    }

    /** What came of it. */
    public static final class Result {
        private final LabReport report;

        private Result(LabReport report) {
            this.report = report;
        }

        public boolean ok() {
            return report.ok();
        }

        /** The one object that {@code --json} prints. */
        public String json() {
            return JsonReport.of(report).toString();
        }

        /**
         * The report for a person.
         *
         * @param styled gives a text the style {@code good}, {@code bad} or {@code bold}
         */
        public String text(BiFunction<String, String, String> styled) {
            return TextReport.of(report, styled);
        }
    }
}

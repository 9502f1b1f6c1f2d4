package dev.flannelx.app;

import dev.flannelx.app.lab.ApiControlPlane;
import dev.flannelx.app.lab.Logs;
import dev.flannelx.host.FileJournal;
import dev.flannelx.host.KernelLife;
import dev.flannelx.host.ShellHookRunner;
import dev.flannelx.lab.ControlPlane;
import dev.flannelx.lab.Lab;
import dev.flannelx.lab.LabHost;
import dev.flannelx.lab.MemoryControlPlane;
import dev.flannelx.lab.Sandbox;
import dev.flannelx.lab.api.ApiServerPrograms;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flannelx lab}: a network on one machine. */
@Command(
        name = "lab",
        description = "Runs a network in namespaces of this machine, with real hooks and real pings. Needs no root.")
final class LabCommand implements Callable<Integer> {
    @Mixin
    private NodeArguments arguments = new NodeArguments();

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "smoke",
            completionCandidates = ScenarioNames.class,
            description = "one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private String scenario = "";

    @Option(names = "--seed", paramLabel = "N", description = "makes what is random happen again")
    private @Nullable Long seed;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = SpanConverter.class,
            description = "of each scenario (default: ${DEFAULT-VALUE})")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--api", description = "over an API server of its own, instead of leases in memory")
    private boolean api;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli's help and completion. */
    static final class ScenarioNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        ScenarioNames() {
            super(Lab.names());
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!Lab.names().contains(scenario)) {
            throw wrong("--scenario " + scenario + " is unknown: want one of " + String.join(", ", Lab.names()));
        }
        Network network = arguments.network();
        if (!Sandbox.isInside()) {
            Map<String, String> environment = api
                    ? Map.of(
                            ApiServerPrograms.STORE,
                            ApiServerPrograms.find().store().toString())
                    : Map.of();
            return Sandbox.run(commandLineInside(), environment, NodeArguments.tell(network), () -> {});
        }
        Sandbox.endWithMaker();
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        var lab = new Lab(
                network,
                controlPlanes(),
                new Lab.Options(arguments.nodes(), scenario, chosen, timeout),
                line -> spec.commandLine().getErr().println(line));
        Lab.Result result = lab.play();
        String text = json ? result.json() + "\n" : result.text(Colours::style);
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        if (!result.ok()) {
            spec.commandLine().getErr().println("the lab found what it should not: see the scenarios");
        }
        return result.ok() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private ControlPlane.Maker controlPlanes() throws IOException {
        if (!api) {
            return hurried -> new MemoryControlPlane(hurried, new Host());
        }
        ApiServerPrograms programs = ApiServerPrograms.find();
        Logs.off();
        return hurried -> ApiControlPlane.start(programs, Version.current(), hurried);
    }

    private List<String> commandLineInside() throws IOException {
        var more = new ArrayList<>(List.of("--scenario", scenario, "--timeout", timeout.toMillis() + "ms"));
        if (seed != null) {
            more.addAll(List.of("--seed", seed.toString()));
        }
        if (api) {
            more.add("--api");
        }
        if (json) {
            more.add("--json");
        }
        return arguments.commandLine(more);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The agent's own machinery. */
    private static final class Host implements LabHost {
        @Override
        public Runner runner(String network, String node, Path hooksDirectory, List<String> enter) throws IOException {
            var runner = new ShellHookRunner(network, node, hooksDirectory, enter);
            return new Runner(runner, runner::kill);
        }

        @Override
        public Journal journal(Path directory, Path networkNamespace) throws IOException {
            return new FileJournal(directory, KernelLife.of(networkNamespace));
        }
    }
}

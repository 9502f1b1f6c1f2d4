package dev.flannelx.app;

import dev.flannelx.network.Advice;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flannelx validate}: what is wrong with a network, and what could be better. */
@Command(
        name = "validate",
        description = "Checks networks against the schema and their commands by sh -n, and gives advice.")
final class ValidateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "FlannelNetwork YAML, or flannel's own JSON")
    private List<Path> files = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        for (Path file : files) {
            try {
                validate(file);
            } catch (InvalidInputException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return ExitCode.DONE;
    }

    private void validate(Path file) {
        PrintWriter out = spec.commandLine().getOut();
        NetworkFile parsed = NetworkInput.parse(file);
        switch (NetworkInput.decode(file, parsed)) {
            case Decoded.Invalid(List<String> problems) -> throw NetworkInput.invalid(file, problems);
            case Decoded.Valid(Network network) -> {
                out.println(file + ": valid");
                parsed.advice().forEach(advice -> out.println(file + ": advice: " + advice));
                Advice.on(network).forEach(advice -> out.println(file + ": advice: " + advice));
            }
        }
        out.flush();
    }
}

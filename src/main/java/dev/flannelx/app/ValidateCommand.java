package dev.flannelx.app;

import dev.flannelx.network.Advice;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkFile;
import java.io.IOException;
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
    public Integer call() throws IOException {
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

    private void validate(Path file) throws IOException {
        NetworkFile parsed = NetworkInput.parse(file);
        switch (NetworkInput.decode(parsed)) {
            case Decoded.Invalid(List<String> problems) -> {
                advise(spec.commandLine().getErr(), file, parsed.advice());
                throw NetworkInput.invalid(file, problems);
            }
            case Decoded.Valid(Network network) -> {
                PrintWriter out = spec.commandLine().getOut();
                out.println(file + ": valid");
                advise(out, file, parsed.advice());
                advise(out, file, Advice.on(network));
            }
        }
    }

    private static void advise(PrintWriter to, Path file, List<String> advice) {
        advice.forEach(line -> to.println(file + ": advice: " + line));
        to.flush();
    }
}

package dev.flannelx.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkEncoder;
import dev.flannelx.network.NetworkFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flannelx convert}: flannel's configuration as a FlannelNetwork. */
@Command(
        name = "convert",
        description = "Turns flannel's net-conf.json (or a ConfigMap that holds one) into FlannelNetwork YAML.")
final class ConvertCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|-", description = "net-conf.json, a ConfigMap, or - for stdin")
    private Path file = Path.of("-");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws JsonProcessingException {
        NetworkFile parsed = NetworkInput.parse(file);
        Network network = switch (parsed.decode()) {
            case Decoded.Valid(Network valid) -> valid;
            case Decoded.Invalid(List<String> problems) -> throw NetworkInput.invalid(file, problems);
        };
        PrintWriter err = spec.commandLine().getErr();
        parsed.advice().forEach(advice -> err.println(file + ": advice: " + advice));
        err.flush();
        PrintWriter out = spec.commandLine().getOut();
        out.print(ResourceYaml.write(NetworkEncoder.resource(network)));
        out.flush();
        return ExitCode.DONE;
    }
}

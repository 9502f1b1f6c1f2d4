package dev.flannelx.app;

import dev.flannelx.lab.Sandbox;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkEncoder;
import dev.flannelx.network.NetworkFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a command is told that makes nodes on this machine. */
final class NodeArguments {
    private static final int MOST_NODES = 250;
    private static final List<String> TOOLS = List.of("unshare", "nsenter", "ip", "ping", "mount", "kill");

    @Parameters(paramLabel = "FILE", description = "FlannelNetwork YAML, or flannel's own JSON")
    private Path file = Path.of("");

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many nodes (default: ${DEFAULT-VALUE})")
    private int nodes;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    int nodes() {
        return nodes;
    }

    /**
     * The network that the nodes are to join. In a sandbox, where the file may be out of sight, it is the one that was read
     * outside.
     *
     * @throws ParameterException if there cannot be that many
     * @throws InvalidInputException if there is no network in the file
     * @throws IOException if there is no shell to ask about its commands
     */
    Network network() throws IOException {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new ParameterException(spec.commandLine(), "--nodes " + nodes + " is wrong: want 1 to " + MOST_NODES);
        }
        return Sandbox.isInside() ? told(Sandbox.line()) : NetworkInput.read(file);
    }

    /** What a sandbox is told of a network. */
    static String tell(Network network) {
        return NetworkEncoder.resource(network).toString();
    }

    private static Network told(String line) {
        if (NetworkFile.parse(line, "") instanceof NetworkFile.Parsed.Found(NetworkFile found)
                && found.decode() instanceof Decoded.Valid(Network network)) {
            return network;
        }
        throw new IllegalStateException("want a network on stdin: " + line);
    }

    /**
     * The words that run this very command in another process.
     *
     * @param more its other arguments
     * @throws IOException if programs are missing that it runs there
     */
    List<String> commandLine(List<String> more) throws IOException {
        Tools.require(TOOLS);
        var line = new ArrayList<>(OwnJvm.commandLine());
        line.addAll(List.of(spec.name(), file.toAbsolutePath().toString(), "--nodes", String.valueOf(nodes)));
        line.addAll(more);
        return line;
    }
}

package dev.flannelx.app;

import dev.flannelx.app.lab.ClusterFolder;
import dev.flannelx.app.lab.KeptCluster;
import dev.flannelx.lab.Relay;
import dev.flannelx.lab.Sandbox;
import dev.flannelx.lab.api.ApiServerPrograms;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code flannelx cluster}: a network over a real API server, to be played with. This process stays outside and leads
 * kubectl in; another one, in a sandbox, has the cluster.
 */
@Command(
        name = "cluster",
        description =
                "Runs a network over an API server of its own, on nodes in namespaces of this machine, and keeps it"
                        + " up for kubectl until Ctrl-C. Needs no root.")
final class ClusterCommand implements Callable<Integer> {
    @Mixin
    private NodeArguments arguments = new NodeArguments();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = SpanConverter.class,
            description = "how long to wait for the nodes before saying what they lack (default: ${DEFAULT-VALUE})")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--folder", hidden = true, description = "inside: the folder to be reached by")
    private @Nullable Path folder;

    @Option(names = "--port", hidden = true, description = "inside: the port that leads in")
    private int port;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Network network = arguments.network();
        if (folder != null && Sandbox.isInside()) {
            var reached = new ClusterFolder(folder);
            Sandbox.endWithMaker(reached::delete);
            return keep(network, reached);
        }
        ApiServerPrograms programs = ApiServerPrograms.find();
        ClusterFolder made = ClusterFolder.make();
        try (Relay relay = Relay.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), made.socket())) {
            int leadsIn = ((InetSocketAddress) relay.address()).getPort();
            return Sandbox.run(
                    commandLineInside(made, leadsIn),
                    Map.of(ApiServerPrograms.STORE, programs.store().toString()),
                    NodeArguments.tell(network),
                    made::delete);
        } catch (IOException e) {
            made.delete();
            throw e;
        }
    }

    private int keep(Network network, ClusterFolder reached) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        var cluster = new KeptCluster(reached, port, Version.current(), line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        out.print(cluster.bringUp(network, arguments.nodes(), timeout));
        out.flush();
        while (true) {
            LockSupport.park();
        }
    }

    private List<String> commandLineInside(ClusterFolder made, int leadsIn) throws IOException {
        return arguments.commandLine(List.of(
                "--timeout",
                timeout.toMillis() + "ms",
                "--folder",
                made.path().toString(),
                "--port",
                String.valueOf(leadsIn)));
    }
}

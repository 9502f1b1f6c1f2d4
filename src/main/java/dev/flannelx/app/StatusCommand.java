package dev.flannelx.app;

import dev.flannelx.app.status.ClusterState;
import dev.flannelx.app.status.StatusText;
import dev.flannelx.kube.ApiCall;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flannelx status}: how a cluster's networks are. */
@Command(
        name = "status",
        description = "Shows a cluster's networks, nodes and failing hooks, and first what is out of order.")
final class StatusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", arity = "0..1", description = "the one to show (default: all)")
    private @Nullable String network;

    @Option(names = "--all", description = "every node and every failure, also of many")
    private boolean all;

    @Mixin
    private ClusterArguments arguments = new ClusterArguments();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        ClusterState cluster = read();
        var view = new StatusText.View(all, InstantSource.system().instant(), Colours::style);
        spec.commandLine().getOut().print(StatusText.of(network == null ? cluster : only(network, cluster), view));
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }

    private ClusterState read() throws IOException {
        try (KubernetesClient client = arguments.client()) {
            try {
                return ClusterState.read(client);
            } catch (IOException e) {
                throw new IOException(explained(e, client), e);
            }
        }
    }

    private static String explained(IOException e, KubernetesClient client) {
        String url = client.getMasterUrl().toString();
        if (ApiCall.isNotFound(e)) {
            return url + " knows no FlannelNetworks: want k8s/base applied";
        }
        if (ApiCall.isForbidden(e)) {
            return e.getMessage() + ": want the ClusterRole flannelx-viewer";
        }
        if (ApiCall.isAnswered(e)) {
            return url + ": " + e.getMessage();
        }
        boolean guessed = client.getConfiguration().getCurrentContext() == null;
        return "no answer from %s: %s%s".formatted(url, e.getMessage(), guessed ? ": want a kubeconfig" : "");
    }

    private static ClusterState only(String name, ClusterState cluster) throws IOException {
        return cluster.only(name)
                .orElseThrow(() -> new IOException("there is no FlannelNetwork %s: want one of %s"
                        .formatted(name, String.join(", ", cluster.names()))));
    }
}

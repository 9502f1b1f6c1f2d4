package dev.flannelx.app.lab;

import dev.flannelx.lab.KeptNodes;
import dev.flannelx.lab.Relay;
import dev.flannelx.lab.Sandbox;
import dev.flannelx.lab.api.ApiServer;
import dev.flannelx.lab.api.ApiServerPrograms;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster that stays up to be played with. It must run in a {@link Sandbox}. */
public final class KeptCluster {
    private final ClusterFolder folder;
    private final int reachedAt;
    private final String version;
    private final Consumer<String> progress;

    /**
     * One that is not up yet.
     *
     * @param folder by which it is reached from outside
     * @param reachedAt the port outside of which connections come to the folder's socket
     * @param version of the agents
     * @param progress is told what goes on, a line at a time
     */
    public KeptCluster(ClusterFolder folder, int reachedAt, String version, Consumer<String> progress) {
        this.folder = folder;
        this.reachedAt = reachedAt;
        this.version = version;
        this.progress = progress;
    }

    /**
     * Brings it up; it stays until this process ends.
     *
     * @param patience how long the nodes may take to agree, and the operator to see it
     * @return what a person needs to know to play with it
     * @throws IOException if it could not be brought up
     */
    public String bringUp(Network network, int nodes, Duration patience) throws IOException {
        ApiServerPrograms programs = ApiServerPrograms.find();
        Logs.to(folder.log());
        progress.accept("starting an API server, and " + nodes + " nodes");
        ApiControlPlane controlPlane = ApiControlPlane.start(programs, version, network);
        KeptNodes kept = KeptNodes.make(network, nodes, controlPlane, patience);
        progress.accept("waiting for network " + network.name() + " to be ready");
        Optional<String> unsettled = kept.unsettled();
        boolean ready = unsettled.isEmpty() && controlPlane.awaitReady(patience);
        String pings = kept.ping();
        ApiServer server = controlPlane.server();
        folder.writeKubeconfig(server.kubeconfig(reachedAt));
        Relay.listen(folder.socket(), new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String state = ready ? "is ready" : "is not ready: " + unsettled.orElse("see kubectl describe fnet");
        return """
                Network %1$s %2$s; %3$s. In another terminal:

                  export KUBECONFIG=%4$s
                %5$s  kubectl get fnet,slease,fnode

                Edit it, pause it, delete a node or an agent's pod:

                  kubectl edit fnet %1$s
                  kubectl annotate fnet %1$s flannelx.dev/paused=true
                  kubectl delete node node1
                  kubectl -n flannelx-system delete pod --field-selector spec.nodeName=node2

                The log of agents and operator is %6$s. Ctrl-C ends it all and leaves nothing behind.
                """.formatted(network.name(), state, pings, folder.kubeconfig(), path(programs), folder.log());
    }

    private static String path(ApiServerPrograms programs) {
        boolean isThere =
                Sandbox.searchPath().stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
        return isThere ? "" : "  export PATH=$PATH:" + programs.folder() + "\n";
    }
}

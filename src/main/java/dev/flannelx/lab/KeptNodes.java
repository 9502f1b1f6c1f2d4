package dev.flannelx.lab;

import dev.flannelx.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Nodes with their agents that no scenario plays with: they stay until this process ends. It must run in a {@link
 * Sandbox}.
 */
public final class KeptNodes {
    private final LabCluster cluster;

    private KeptNodes(LabCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes them.
     *
     * @param controlPlane stays with them
     * @param patience how long {@link #unsettled} waits
     * @throws IOException if they could not be made
     */
    public static KeptNodes make(Network network, int nodes, ControlPlane controlPlane, Duration patience)
            throws IOException {
        Files.createDirectories(Namespace.SHARED);
        LabCluster.makeBridge();
        var settings = new LabSettings(network, 0, 0, patience, false);
        var cluster = new LabCluster(settings, controlPlane, _ -> {});
        cluster.join(nodes);
        return new KeptNodes(cluster);
    }

    /** Waits until each node has all others as peers; what keeps them from it, if that takes too long. */
    public Optional<String> unsettled() throws IOException {
        return cluster.awaitSettled() ? Optional.empty() : Optional.of(cluster.unsettled());
    }

    /** Pings between all pods: how many were answered, for a person. */
    public String ping() throws IOException {
        List<Ping> pings = cluster.pings();
        long answered = pings.stream().filter(Ping::ok).count();
        return "%d of %d pings answered".formatted(answered, pings.size());
    }
}

package dev.flannelx.bench;

import dev.flannelx.ScratchFolder;
import dev.flannelx.app.AgentNode;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What the agent takes of a node's memory, as the program that ships. The floor is one that has no peers. */
final class AgentBench implements Bench {
    /** Its hash leads to a subnet beyond those of the peers. */
    private static final String NODE = "agent";

    private static final String HEAP = "64m";
    private static final int[] PEERS = {0, 1_000, 5_000};
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public String title() {
        return "resident memory of flannelx agent with its peers applied in batches, on a real API server, with "
                + String.join(" ", Jvm.command(HEAP).subList(1, Jvm.FLAGS.size() + 2));
    }

    @Override
    public String heap() {
        return "512m";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        try (var folder = ScratchFolder.make();
                ApiServer server = ApiServer.startInstalled();
                KubernetesClient admin = server.admin()) {
            admin.resource(
                            Resources.flannelx(
                                    "FlannelNetwork",
                                    Neighbours.NETWORK,
                                    "{network: 10.0.0.0/11, backend: {type: extension, mtu: 1400, subnetBatchCommand: 'cat >/dev/null'}}"))
                    .create();
            try (Contender agent = Contender.agent(
                    Stream.concat(Jvm.command(HEAP).stream(), Stream.of("-jar", Jvm.JAR))
                            .toList(),
                    AgentNode.make(server, NODE, folder.path()),
                    "192.0.2.1",
                    folder.path().resolve("agent.log"))) {
                agent.start();
                measure(out, admin, agent);
            }
        }
    }

    private static void measure(PrintStream out, KubernetesClient admin, Contender agent) throws Exception {
        int there = 0;
        double floor = 0;
        for (int peers : PEERS) {
            Neighbours.LEASES.join(admin, there + 1, peers);
            there = peers;
            Awaitility.await().atMost(PATIENCE).until(() -> hasApplied(admin, peers));
            double taken = agent.memory();
            floor = floor == 0 ? taken : floor;
            out.printf(
                    Locale.ROOT,
                    "  %-36s %6.1f MiB   %.2f of the floor%n",
                    "%,d peers".formatted(peers),
                    taken,
                    taken / floor);
        }
    }

    private static boolean hasApplied(KubernetesClient admin, int peers) {
        GenericKubernetesResource said = admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName(NODE)
                .get();
        return said != null
                && Boolean.TRUE.equals(said.get("status", "networks", Neighbours.NETWORK, "ready"))
                && Integer.valueOf(peers)
                        .equals(said.get("status", "networks", Neighbours.NETWORK, "peers", "applied"));
    }
}

package dev.flannelx.bench;

import dev.flannelx.ScratchFolder;
import dev.flannelx.app.AgentNode;
import dev.flannelx.bench.Comparison.Subject;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Kubeconfig;
import dev.flannelx.kube.Resources;
import dev.flannelx.lab.api.Kubelets;
import dev.flannelx.network.HookCommands.PeerCommands;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * flanneld and flannelx side by side: the same machine, API server, peers and commands, those of flannel's documented host-gw
 * example. Each is the process that its image starts.
 */
final class FlanneldBench implements Bench {
    private static final int PEERS = 1_000;
    private static final int ROUNDS = 3;
    private static final String NODE = "self";
    private static final String ADDRESS = "172.16.255.254";
    private static final String NETWORK = "10.0.0.0/8";

    @Override
    public String name() {
        return "flanneld";
    }

    @Override
    public String title() {
        return "flanneld and flannelx, %,d peers by the documented host-gw commands, on one API server"
                .formatted(PEERS);
    }

    @Override
    public boolean inSandbox() {
        return true;
    }

    @Override
    public String heap() {
        return "512m";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Routes.makeUplink();
        try (var scratch = ScratchFolder.make();
                ApiServer server = ApiServer.startInstalled();
                KubernetesClient admin = server.admin()) {
            Path folder = scratch.path();
            var kubelets = new Kubelets(admin);
            kubelets.register(NODE, List.of(ADDRESS), List.of("10.255.0.0/24"));
            // flanneld dies of a Node without any annotation.
            admin.nodes()
                    .withName(NODE)
                    .edit(node -> node.edit()
                            .editMetadata()
                            .addToAnnotations("node.alpha.kubernetes.io/ttl", "0")
                            .endMetadata()
                            .build());
            for (Neighbours neighbours : Neighbours.values()) {
                neighbours.join(admin, 1, PEERS);
            }
            try (Contender flanneld = flanneld(folder, server);
                    Contender flannelx = flannelx(AgentNode.make(server, NODE, folder), folder)) {
                var theirs = new SideBySide(flanneld, Neighbours.NODES, admin, PEERS);
                var ours = new SideBySide(flannelx, Neighbours.LEASES, admin, PEERS);
                compare(out, theirs, ours, new Changes(admin, folder));
                theirs.joinsAndFaults(out);
                new Changes(admin, folder).apply(documented(), 1);
                ours.joinsAndFaults(out);
            }
        }
    }

    private static void compare(PrintStream out, SideBySide theirs, SideBySide ours, Changes changes) throws Exception {
        var comparison = new Comparison(
                new Subject(
                        "sh -c in a loop (the floor)", "", () -> Routes.loop(PEERS, Routes.example("host-gw.json", 1))),
                List.of(
                        new Subject("flanneld, start", "", theirs::start),
                        new Subject("flanneld, restart, one joined meanwhile", "", theirs::restart),
                        new Subject("flannelx, start", "", () -> changes.then(documented(), 1, ours::start)),
                        new Subject("flannelx, restart, one joined meanwhile", "", ours::restart),
                        new Subject(
                                "flannelx, start, parallelism 4", "", () -> changes.then(documented(), 4, ours::start)),
                        new Subject("flannelx, start, batch", "", () -> changes.then(batch(), 1, ours::start))));
        for (int round = 0; round < ROUNDS; round++) {
            comparison.round();
        }
        out.print(comparison.text());
    }

    private static PeerCommands documented() throws IOException {
        return Routes.example("host-gw.json", 1).commands().peers();
    }

    private static PeerCommands batch() throws IOException {
        return Routes.example("host-gw.yaml", 1).commands().peers();
    }

    private static Contender flanneld(Path folder, ApiServer server) throws IOException {
        Path config = folder.resolve("net-conf.json");
        Files.writeString(
                config,
                Serialization.asJson(Map.of(
                        "Network",
                        NETWORK,
                        "Backend",
                        Map.of(
                                "Type", "extension",
                                "SubnetAddCommand", String.valueOf(documented().add()),
                                "SubnetRemoveCommand",
                                        String.valueOf(documented().remove())))));
        return new Contender(
                "flanneld",
                List.of(
                        Routes.line("src/provision/flanneld.sh"),
                        "--kube-subnet-mgr",
                        "--kubeconfig-file="
                                + Kubeconfig.write(folder.resolve("admin"), server.config(server.adminToken())),
                        "--net-config-path=" + config,
                        "--subnet-file=" + folder.resolve("subnet.env"),
                        "--iface=eth0",
                        "--iptables-forward-rules=false"),
                Map.of("NODE_NAME", NODE),
                folder.resolve("flanneld.log"));
    }

    private static Contender flannelx(AgentNode node, Path folder) throws IOException {
        Path image = folder.resolve("image");
        Routes.sh("""
                cp -a target/quarkus-app "$IMAGE" && cp -a src/main/docker/* "$IMAGE" &&
                "$IMAGE/train.sh"
                """, Map.of("IMAGE", image.toString(), "PATH", Jvm.path()));
        return Contender.agent(
                List.of(image.resolve("flannelx").toString()), node, ADDRESS, folder.resolve("flannelx.log"));
    }

    /** Changes flannelx's network while no agent runs, and lets it begin with nothing applied. */
    private record Changes(KubernetesClient admin, Path folder) {
        void apply(PeerCommands commands, int parallelism) throws IOException {
            Routes.sh("rm -rf \"$RUN\"", Map.of("RUN", folder.resolve("run").toString()));
            var backend =
                    new HashMap<String, Object>(Map.of("type", "extension", "mtu", 1500, "parallelism", parallelism));
            backend.put("subnetAddCommand", commands.add());
            backend.put("subnetRemoveCommand", commands.remove());
            if (commands.batch() != null) {
                backend.put("subnetBatchCommand", commands.batch());
            }
            GenericKubernetesResource network = Resources.flannelx("FlannelNetwork", Neighbours.NETWORK, "{}");
            network.setAdditionalProperty("spec", Map.of("network", NETWORK, "backend", backend));
            admin.resource(network).forceConflicts().serverSideApply();
        }

        long then(PeerCommands commands, int parallelism, Comparison.Measurement measurement) throws Exception {
            apply(commands, parallelism);
            return measurement.nanos();
        }
    }
}

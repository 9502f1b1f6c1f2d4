package dev.flannelx.bench;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What the agent takes of a node's memory, as the program that ships. The floor is one that has no peers. */
final class AgentBench implements Bench {
    private static final String NODE = "bench";
    private static final String JAR = "target/quarkus-app/quarkus-run.jar";
    private static final String HEAP = "64m";
    private static final int[] PEERS = {0, 1_000, 5_000};
    private static final int AT_ONCE = 32;
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
        Path folder = Files.createTempDirectory(Path.of("target"), "agent-bench");
        try (ApiServer server = ApiServer.startInstalled();
                KubernetesClient admin = server.admin()) {
            var cluster = new Cluster(admin);
            cluster.node(NODE, Map.of());
            admin.resource(
                            Resources.flannelx(
                                    "FlannelNetwork",
                                    NODE,
                                    "{network: 10.0.0.0/11, backend: {type: extension, mtu: 1400, subnetBatchCommand: 'cat >/dev/null'}}"))
                    .create();
            Files.writeString(folder.resolve("kubeconfig"), kubeconfig(server.url(), cluster.agentToken(NODE)));
            Process agent = start(folder);
            try {
                measure(out, admin, agent);
            } finally {
                agent.destroy();
                agent.waitFor();
            }
        } finally {
            delete(folder);
        }
    }

    private static void measure(PrintStream out, KubernetesClient admin, Process agent) throws Exception {
        int there = 0;
        double floor = 0;
        for (int peers : PEERS) {
            join(admin, there + 1, peers);
            there = peers;
            Awaitility.await().atMost(PATIENCE).until(() -> hasApplied(admin, peers));
            double taken = Memory.mebibytes("VmRSS", agent.pid());
            floor = floor == 0 ? taken : floor;
            out.printf(
                    Locale.ROOT,
                    "  %-36s %6.1f MiB   %.2f of the floor%n",
                    "%,d peers".formatted(peers),
                    taken,
                    taken / floor);
        }
    }

    private static void join(KubernetesClient admin, int from, int to) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            threads.invokeAll(IntStream.rangeClosed(from, to)
                    .<Callable<GenericKubernetesResource>>mapToObj(
                            number -> () -> admin.resource(lease(number)).create())
                    .toList());
        }
    }

    private static GenericKubernetesResource lease(int number) {
        String subnet = Engine.subnet(number).toString();
        return Resources.flannelx(
                "SubnetLease",
                NODE + "-" + subnet.replaceAll("[./]", "-"),
                "{network: %s, nodeName: peer-%d, subnet: %s, publicIP: %s, backendType: extension, backendData: 'a2:b1:c3:d4:e5:f6'}"
                        .formatted(NODE, number, subnet, Engine.address(number).ipv4()));
    }

    private static boolean hasApplied(KubernetesClient admin, int peers) {
        GenericKubernetesResource said = admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName(NODE)
                .get();
        return said != null
                && Boolean.TRUE.equals(said.get("status", "networks", NODE, "ready"))
                && Integer.valueOf(peers).equals(said.get("status", "networks", NODE, "peers", "applied"));
    }

    private static Process start(Path folder) throws IOException {
        var line = new ArrayList<>(Jvm.command(HEAP));
        line.addAll(List.of(
                "-jar",
                JAR,
                "agent",
                "--node-name=" + NODE,
                "--public-ip=192.0.2.1",
                "--run-directory=" + folder.resolve("run"),
                "--flannel-directory=" + folder.resolve("flannel"),
                "--cni-directory=" + folder.resolve("cni"),
                "--http-port=0"));
        var builder = new ProcessBuilder(line)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(folder.resolve("agent.log").toFile());
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        return builder.start();
    }

    private static String kubeconfig(String url, String token) {
        return """
                apiVersion: v1
                kind: Config
                current-context: bench
                clusters: [{name: bench, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: agent, user: {token: "%s"}}]
                contexts: [{name: bench, context: {cluster: bench, user: agent}}]
                """.formatted(url, token);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}

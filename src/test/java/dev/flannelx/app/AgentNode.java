package dev.flannelx.app;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Node of a test's cluster, and a folder in place of the directories that an agent writes on its machine. */
final class AgentNode {
    private final String name;
    private final Path folder;

    private AgentNode(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Makes the Node, with a label {@code it} that is its name, and a kubeconfig as its agent would have it. */
    static AgentNode make(ApiServer server, String name, Path folder) throws IOException {
        try (KubernetesClient admin = server.admin()) {
            var cluster = new Cluster(admin);
            cluster.node(name, Map.of("it", name));
            Files.writeString(folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: test
                    clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                    users: [{name: agent, user: {token: "%s"}}]
                    contexts: [{name: test, context: {cluster: test, user: agent}}]
                    """.formatted(server.url(), cluster.agentToken(name)));
        }
        return new AgentNode(name, folder);
    }

    String name() {
        return name;
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** As {@code /run/flannel/subnet.env}. */
    Path subnetEnv() {
        return folder.resolve("flannel/subnet.env");
    }

    /** The arguments of {@code flannelx agent}. */
    List<String> arguments() {
        return List.of(
                "--node-name=" + name,
                "--public-ip=192.0.2.1",
                "--run-directory=" + folder.resolve("run"),
                "--flannel-directory=" + folder.resolve("flannel"),
                "--cni-directory=" + folder.resolve("cni"),
                "--http-port=0");
    }

    /** The spec of a network of this node alone, but for its commands. */
    String spec(String commands) {
        return """
                network: 10.50.0.0/16
                nodeSelector: {it: %s}
                removalGrace: 0s
                backend:
                  type: extension
                  mtu: 1400
                  retry: {initialDelay: 100ms, maxDelay: 500ms}
                """.formatted(name) + commands.indent(2);
    }
}

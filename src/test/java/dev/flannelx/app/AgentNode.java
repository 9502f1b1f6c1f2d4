package dev.flannelx.app;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Node of a test's cluster, and a folder in place of the directories that an agent writes on its machine. */
public final class AgentNode {
    private final String name;
    private final Path folder;

    private AgentNode(String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    /** Makes the Node if it is not there, with a label {@code it} that is its name, and its agent's kubeconfig. */
    public static AgentNode make(ApiServer server, String name, Path folder) throws IOException {
        try (KubernetesClient admin = server.admin()) {
            var cluster = new Cluster(admin);
            cluster.node(name, Map.of("it", name));
            var node = new AgentNode(name, folder);
            Kubeconfig.write(node.kubeconfig(), server.config(cluster.agentToken(name)));
            return node;
        }
    }

    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** As {@code /run/flannel/subnet.env}. */
    Path subnetEnv() {
        return folder.resolve("flannel/subnet.env");
    }

    /** The arguments of {@code flannelx agent}. */
    public List<String> arguments(String publicIp) {
        return List.of(
                "--node-name=" + name,
                "--public-ip=" + publicIp,
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

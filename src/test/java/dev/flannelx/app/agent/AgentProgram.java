package dev.flannelx.app.agent;

import dev.flannelx.kube.ApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The agent of a {@link TestNode} as a process of its own, to be killed. */
final class AgentProgram {
    private AgentProgram() {}

    /** Starts one on what the node's last agent left. Its end is the caller's. */
    static Process start(TestNode node, String token) throws IOException {
        Config config = ApiServer.shared().config(token);
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AgentProgram.class.getName(),
                node.name(),
                String.valueOf(node.number()),
                node.folder().toString(),
                config.getMasterUrl(),
                config.getCaCertFile(),
                token);
        Path output = node.folder().resolve(node.name() + ".out");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(arguments[3])
                .withCaCertFile(arguments[4])
                .withOauthToken(arguments[5])
                .build();
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        // It ticks until the process ends.
        new TestNode(arguments[0], Integer.parseInt(arguments[1]), Path.of(arguments[2]), client, client).start();
    }
}

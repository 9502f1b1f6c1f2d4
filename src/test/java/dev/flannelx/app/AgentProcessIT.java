package dev.flannelx.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agent as a process that is started, and told to end. */
class AgentProcessIT {
    private static final String NETWORK = "process";

    private final KubernetesClient admin = ApiServer.shared().admin();

    @TempDir
    private Path folder;

    private AgentNode node;
    private Path log;

    @BeforeEach
    void makeNode() throws IOException {
        admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
        admin.genericKubernetesResources(ResourceTypes.LEASES).delete();
        node = AgentNode.make(ApiServer.shared(), "process-a", folder);
        log = folder.resolve("hooks.log");
    }

    @AfterEach
    void disconnect() {
        admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
        admin.genericKubernetesResources(ResourceTypes.LEASES).delete();
        admin.close();
    }

    @Test
    void sigtermLetsTheRunningHookEndAndLeavesTheDataPlane() throws Exception {
        admin.resource(Resources.flannelx(
                        "FlannelNetwork",
                        NETWORK,
                        "\n" + node.spec("""
                        subnetAddCommand: echo "begin $SUBNET" >> %1$s; sleep 3; echo "end $SUBNET" >> %1$s
                        subnetRemoveCommand: echo "remove $SUBNET" >> %1$s
                        """.formatted(log)).indent(2)))
                .create();
        peer(7);
        try (AgentProcess agent = start()) {
            await().untilAsserted(() -> assertThat(hooks()).as(agent.log()).contains("begin 10.50.7.0/24"));
            agent.terminate();

            assertThat(agent.end()).as(agent.log()).isEqualTo(128 + 15);
            assertThat(agent.log()).contains("agent stopped node=process-a");
        }
        assertThat(hooks()).containsExactly("begin 10.50.7.0/24", "end 10.50.7.0/24");
        assertThat(node.subnetEnv()).content().contains("FLANNEL_NETWORK=10.50.0.0/16");

        peer(8);
        try (AgentProcess agent = start()) {
            await().until(() -> !agent.url().isEmpty());
            await().untilAsserted(() ->
                    given().get(agent.url() + "/q/health/ready").then().statusCode(200));
            await().untilAsserted(() -> assertThat(hooks()).as(agent.log()).contains("end 10.50.8.0/24"));
        }
        assertThat(hooks())
                .containsExactly("begin 10.50.7.0/24", "end 10.50.7.0/24", "begin 10.50.8.0/24", "end 10.50.8.0/24");
    }

    @Test
    void anAgentWithoutANodeIsWrongUsage() throws Exception {
        try (AgentProcess agent = AgentProcess.start(folder, Map.of(), List.of())) {
            assertThat(agent.end()).isEqualTo(ExitCode.WRONG);
            assertThat(agent.log()).contains("--node-name is missing");
        }
    }

    private AgentProcess start() throws IOException {
        return AgentProcess.start(
                folder, Map.of("KUBECONFIG", node.kubeconfig().toString()), node.arguments("192.0.2.1"));
    }

    /** Another node's lease, without an agent. */
    private void peer(int number) {
        admin.resource(Resources.flannelx(
                        "SubnetLease",
                        NETWORK + "-10-50-" + number + "-0-24",
                        "{network: %1$s, nodeName: other-%2$d, subnet: 10.50.%2$d.0/24, publicIP: 192.0.2.%2$d}"
                                .formatted(NETWORK, number)))
                .create();
    }

    private List<String> hooks() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }
}

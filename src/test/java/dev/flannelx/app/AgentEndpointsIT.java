package dev.flannelx.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.flannelx.ScratchFolder;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code /q/health} and {@code /q/metrics} of the application as it runs on a node, by its agent's token. */
@QuarkusTest
@TestProfile(AgentEndpointsIT.Agent.class)
@QuarkusTestResource(value = AgentEndpointsIT.OneNode.class, restrictToAnnotatedClass = true)
class AgentEndpointsIT {
    private static final String NETWORK = "endpoints";

    /** An application of its own. */
    public static final class Agent implements QuarkusTestProfile {}

    /** Starts a cluster with a network whose preStartup waits for a file. */
    public static final class OneNode implements QuarkusTestResourceLifecycleManager {
        private static final String KUBECONFIG = "kubeconfig";
        private static final String FOLDER = "flannelx.it.folder";

        private @Nullable ScratchFolder folder;

        @Override
        public Map<String, String> start() {
            try {
                ScratchFolder made = ScratchFolder.make();
                folder = made;
                AgentNode node = AgentNode.make(ApiServer.shared(), "endpoints-a", made.path());
                try (KubernetesClient admin = ApiServer.shared().admin()) {
                    admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
                    String spec = node.spec("""
                            preStartupCommand: test -e %s/prepared || { echo not prepared >&2; exit 3; }
                            subnetAddCommand: "true"
                            """.formatted(made.path()));
                    admin.resource(Resources.flannelx("FlannelNetwork", NETWORK, "\n" + spec.indent(2)))
                            .create();
                }
                var command = new AgentCommand();
                new CommandLine(command)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .parseArgs(node.arguments("192.0.2.1").toArray(String[]::new));
                System.setProperty(KUBECONFIG, node.kubeconfig().toString());
                System.setProperty(FOLDER, made.path().toString());
                return command.properties();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            System.clearProperty(KUBECONFIG);
            System.clearProperty(FOLDER);
            try (KubernetesClient admin = ApiServer.shared().admin()) {
                admin.genericKubernetesResources(ResourceTypes.NETWORKS).delete();
            }
            if (folder != null) {
                folder.close();
            }
        }
    }

    @Test
    void healthAndMetricsTellWhereTheNodeStands() throws IOException {
        given().get("/q/health/live")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.find { it.name == 'rounds' }.status", equalTo("UP"));
        awaitReady(503, "network endpoints: Preparing: StartupFailing: preStartup: not prepared");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics())
                        .contains("flannelx_network_ready{network=\"endpoints\"} 0.0")
                        .contains("flannelx_network_reason{network=\"endpoints\",reason=\"StartupFailing\"} 1.0"));

        Files.createFile(Path.of(System.getProperty(OneNode.FOLDER)).resolve("prepared"));
        awaitReady();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(metrics().lines().toList())
                        .contains("flannelx_network_ready{network=\"endpoints\"} 1.0")
                        .anyMatch(line -> line.startsWith("flannelx_heartbeats_total{result=\"success\"}")
                                && !line.endsWith(" 0.0"))
                        .anyMatch(line -> line.startsWith("flannelx_api_sync_timestamp_seconds{network=\"endpoints\"}")
                                && !line.endsWith(" 0.0"))
                        .noneMatch(line -> line.startsWith("flannelx_network_reason")));
        aNodeIsNotReadyInANetworkThatItRefuses();
    }

    private static void aNodeIsNotReadyInANetworkThatItRefuses() {
        try (KubernetesClient admin = ApiServer.shared().admin()) {
            var networks = admin.genericKubernetesResources(ResourceTypes.NETWORKS);
            GenericKubernetesResource second = networks.withName(NETWORK).get();
            second.setMetadata(new ObjectMetaBuilder().withName("second").build());
            admin.resource(second).create();
            awaitReady(503, "network second: Refused: Overlaps: it overlaps the older network endpoints");

            networks.withName("second").delete();
            awaitReady();
        }
    }

    private static void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/q/health/ready")
                        .then()
                        .statusCode(200)
                        .body("checks.find { it.name == 'networks' }.status", equalTo("UP")));
    }

    private static void awaitReady(int code, String missing) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/q/health/ready")
                        .then()
                        .statusCode(code)
                        .body("checks.find { it.name == 'networks' }.data.missing", containsString(missing)));
    }

    private static String metrics() {
        return given().accept("text/plain")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .replace(",}", "}");
    }
}

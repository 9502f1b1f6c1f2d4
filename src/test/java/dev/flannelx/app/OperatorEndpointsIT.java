package dev.flannelx.app;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.flannelx.ScratchFolder;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.Kubeconfig;
import dev.flannelx.kube.Resources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The endpoints of an operator that runs on a real API server, by its own token. */
@QuarkusTest
@TestProfile(OperatorEndpointsIT.Operator.class)
@QuarkusTestResource(value = OperatorEndpointsIT.InACluster.class, restrictToAnnotatedClass = true)
class OperatorEndpointsIT {
    /** An application of its own. */
    public static final class Operator implements QuarkusTestProfile {}

    /** A cluster of its own, with a network that no node joins. */
    public static final class InACluster implements QuarkusTestResourceLifecycleManager {
        private static final String KUBECONFIG = "kubeconfig";

        private @Nullable ApiServer server;
        private @Nullable ScratchFolder folder;

        @Override
        public Map<String, String> start() {
            ApiServer started = ApiServer.startInstalled();
            server = started;
            try (KubernetesClient admin = started.admin()) {
                admin.resource(Resources.flannelx(
                                "FlannelNetwork",
                                "demo",
                                "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}"))
                        .create();
                ScratchFolder made = ScratchFolder.make();
                folder = made;
                String token = new Cluster(admin).operatorToken("node1");
                Path kubeconfig = Kubeconfig.write(made.path().resolve("kubeconfig"), started.config(token));
                System.setProperty(KUBECONFIG, kubeconfig.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var command = new OperatorCommand();
            new CommandLine(command).parseArgs("--http-port=0");
            return command.properties();
        }

        @Override
        public void stop() {
            System.clearProperty(KUBECONFIG);
            if (server != null) {
                server.close();
            }
            if (folder != null) {
                folder.close();
            }
        }
    }

    @Test
    void isLiveAndGetsReadyAndLeads() {
        given().get("/q/health/live")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'operator' }.status", equalTo("UP"));
        eventually(() -> given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'operator' }.data.leading", equalTo(true)));
    }

    @Test
    void servesTheFiguresOfNetworks() {
        eventually(() -> given().accept("text/plain")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .body(matchesPattern("(?s).*flannelx_leader 1\\.0.*"))
                .body(matchesPattern("(?s).*flannelx_subnets_capacity\\{network=\"demo\",?} 255\\.0.*"))
                .body(matchesPattern("(?s).*flannelx_nodes\\{network=\"demo\",state=\"total\",?} 0\\.0.*")));
    }

    private static void eventually(ThrowingRunnable what) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(what);
    }
}

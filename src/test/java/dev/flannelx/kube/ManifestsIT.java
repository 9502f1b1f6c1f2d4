package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ships, before a real API server. */
class ManifestsIT {
    private final ApiServer server = ApiServer.shared();

    @Test
    void applyingTheBaseAgainChangesNothing() throws IOException {
        ApiServer.Finished difference = server.kubectl("diff", "-k", "k8s/base");

        assertThat(difference.exitCode()).as(difference.toString()).isZero();
        assertThat(difference.stdout()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"host-gw", "dual-stack", "node-pod-cidr", "edge", "reservation"})
    void theExamplesAreAccepted(String example) throws IOException {
        ApiServer.Finished applied =
                server.kubectl("apply", "--dry-run=server", "-f", "k8s/examples/" + example + ".yaml");

        assertThat(applied.exitCode()).as(applied.toString()).isZero();
    }

    @Test
    void theExampleOfAllowedCommandsIsAccepted() throws IOException {
        String own = OwnKustomization.write("of-allowed-commands", """
                resources: [../../k8s/base]
                components: [../../k8s/examples/allowed-commands]
                """);

        ApiServer.Finished applied = server.kubectl("apply", "--dry-run=server", "-k", own);

        assertThat(applied.exitCode()).as(applied.toString()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fnet.spec.backend.subnetAddCommand",
                "fnet.spec.rollout.maxUnavailable",
                "fnet.status.conditions.reason",
                "slease.spec.backendData",
                "fnode.spec.networks",
                "fnode.status.networks"
            })
    void explainSaysWhatAFieldMeans(String field) {
        // The server publishes the documentation of a new type a moment after the type itself.
        Awaitility.await()
                .untilAsserted(() -> assertThat(server.kubectl("explain", field).stdout())
                        .contains("DESCRIPTION:")
                        .doesNotContain("<empty>"));
    }

    @Test
    void twoOperatorsRunApartOnTheHostsNetworkOnAnyNodeThatAnswers() throws IOException {
        var template = "jsonpath={.spec.replicas} {.spec.template.spec.hostNetwork}"
                + " {.spec.template.spec.tolerations} {.spec.template.spec.affinity.podAntiAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution[*].topologyKey}";
        assertThat(server.kubectl("-n", "flannelx-system", "get", "deployment", "flannelx-operator", "-o", template)
                        .stdout())
                .isEqualTo(
                        "2 true [{\"effect\":\"NoExecute\",\"key\":\"node.kubernetes.io/unreachable\","
                                + "\"operator\":\"Exists\",\"tolerationSeconds\":60},{\"operator\":\"Exists\"}] kubernetes.io/hostname");
    }

    @Test
    void nothingFlowsIntoTheRolesOfOrdinaryUsers() throws IOException {
        assertThat(server.kubectl("get", "clusterroles", "flannelx-viewer", "flannelx-admin", "-o", "yaml")
                        .stdout())
                .contains("flannelnetworks")
                .doesNotContain("aggregate-to");
    }
}

package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.Kubeconfig;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.lab.api.Ports;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a real API server, by the roles that ship. */
class StatusCommandIT {
    private static final String NETWORK = "status-it";
    private static final String NODE = "status-it-node";

    private static KubernetesClient admin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        admin = ApiServer.shared().admin();
        new Cluster(admin).node(NODE, Map.of("it", NETWORK));
        create(
                "FlannelNetwork",
                NETWORK,
                "{network: 10.99.0.0/16, nodeSelector: {it: status-it},"
                        + " backend: {type: extension, subnetAddCommand: add}}",
                """
                observedGeneration: 1
                conditions: []
                nodes: {ready: 1, total: 1, updated: 1, summary: 1/1}
                subnets: {allocated: 1, capacity: 254}
                """);
        create("FlannelNode", NODE, "{}", """
                renewTime: %s
                networks:
                  status-it:
                    {phase: Active, generation: 1, subnet: 10.99.7.0/24, ready: true, reason: PeersFailing,
                     message: 'subnetAdd of 10.99.8.0/24: no route', peers: {desired: 1, applied: 0, failing: 1},
                     failures: [{hook: subnetAdd, peer: 10.99.8.0/24, attempts: 7, exitCode: 2, message: no route}]}
                """.formatted(Instant.now()));
    }

    @AfterAll
    static void close() {
        admin.genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(NETWORK)
                .delete();
        admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName(NODE)
                .delete();
        admin.nodes().withName(NODE).delete();
        admin.close();
    }

    @Test
    void aViewerSeesNetworksNodesAndFailingHooks() throws IOException {
        CommandRun run = ofNetwork(kubeconfig("viewer", "flannelx-viewer"));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("Out of order\n")
                .contains("  node status-it-node in status-it: PeersFailing: subnetAdd of 10.99.8.0/24: no route\n")
                .containsPattern("status-it +10.99.0.0/16 +\\S+ +1/1 +1/1 +1 of 254\n")
                .containsPattern("status-it +status-it-node +PeersFailing +1 +10.99.7.0/24 +0/1, 1 failing ")
                .containsPattern("status-it +status-it-node +subnetAdd +10.99.8.0/24 +7 +2 +no route\n")
                .endsWith("Nodes themselves were not looked at: this user may not list them.\n");
    }

    @Test
    void whoMaySeeNodesIsToldOfThemToo() throws IOException {
        assertThat(ofNetwork(kubeconfig("everything", "cluster-admin")).out())
                .contains("  node status-it-node: NodeNotReady\n")
                .doesNotContain("not looked at");
    }

    @Test
    void aNetworkThatIsNotThereIsSaidNotToBe() throws IOException {
        CommandRun run = CommandRun.of(
                "status",
                "nope",
                "--kubeconfig",
                kubeconfig("viewer", "flannelx-viewer").toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("there is no FlannelNetwork nope: want one of ")
                .contains(NETWORK);
    }

    @Test
    void whoMayNotLookIsToldWhichRoleIsWanted() throws IOException {
        CommandRun run = status(kubeconfig("stranger", null));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("cannot list resource \"flannelnetworks\"")
                .endsWith(": want the ClusterRole flannelx-viewer\n")
                .hasLineCount(1);
    }

    @Test
    void aClusterWithoutFlannelxIsSaidToKnowNothingOfIt() throws IOException {
        try (var server = ApiServer.startOwn();
                KubernetesClient client = server.admin()) {
            CommandRun run = status(kubeconfig(client.getConfiguration()));
            assertThat(run)
                    .isEqualTo(new CommandRun(
                            1, "", server.url() + "/ knows no FlannelNetworks: want k8s/base applied\n"));
        }
    }

    @Test
    void anApiServerThatIsAwayIsNamed() throws IOException {
        int closed = Ports.free();
        CommandRun run = status(kubeconfig(closed));
        assertThat(run)
                .isEqualTo(new CommandRun(
                        1, "", "no answer from https://127.0.0.1:%d/: Connection refused\n".formatted(closed)));
    }

    @Test
    void aKubeconfigOrAContextThatIsNoneIsWrongUsage() throws IOException {
        Path nothing = Files.writeString(folder.resolve("nothing"), "hello\n");
        assertThat(status(nothing))
                .isEqualTo(new CommandRun(2, "", "--kubeconfig %s is wrong: want a kubeconfig\n".formatted(nothing)));
        assertThat(CommandRun.of("status", "--kubeconfig", kubeconfig(1).toString(), "--context", "other"))
                .as("another context is never taken for it")
                .isEqualTo(new CommandRun(2, "", "--context other is wrong: want one of test\n"));
    }

    @Test
    void itEndsByItselfAndSaysNothingBesides() throws Exception {
        String classPath = String.join(
                File.pathSeparator,
                LabProcess.classPath().stream().map(Path::toString).toList());
        try (LabProcess process = LabProcess.start(
                folder,
                List.of(),
                classPath,
                "status",
                NETWORK,
                "--kubeconfig",
                kubeconfig("viewer", "flannelx-viewer").toString())) {
            CommandRun run = process.end();
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).startsWith("Out of order\n").doesNotContain("\u001b");
        }
    }

    /** The API server is shared: what else there is says nothing of this network. */
    private static CommandRun ofNetwork(Path kubeconfig) {
        return CommandRun.of("status", NETWORK, "--kubeconfig", kubeconfig.toString());
    }

    private static CommandRun status(Path kubeconfig) {
        return CommandRun.of("status", "--kubeconfig", kubeconfig.toString());
    }

    /** For somebody with that role alone, or without any. */
    private Path kubeconfig(String name, @Nullable String role) throws IOException {
        String account = "status-it-" + name;
        admin.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(account)
                        .withNamespace("default")
                        .endMetadata()
                        .build())
                .serverSideApply();
        if (role != null) {
            admin.resource(new ClusterRoleBindingBuilder()
                            .withNewMetadata()
                            .withName(account)
                            .endMetadata()
                            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                            .addNewSubject("", "ServiceAccount", account, "default")
                            .build())
                    .serverSideApply();
        }
        String token = admin.serviceAccounts()
                .inNamespace("default")
                .withName(account)
                .tokenRequest(new TokenRequest())
                .getStatus()
                .getToken();
        return kubeconfig(ApiServer.shared().config(token));
    }

    private Path kubeconfig(Config config) throws IOException {
        return Kubeconfig.write(folder.resolve("kubeconfig"), config);
    }

    /** For an API server that listens at that port, if there is one. */
    private Path kubeconfig(int port) throws IOException {
        return kubeconfig(new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertFile("/dev/null")
                .withOauthToken("none")
                .build());
    }

    private static void create(String kind, String name, String spec, String status) {
        GenericKubernetesResource made =
                admin.resource(Resources.flannelx(kind, name, spec)).create();
        made.setAdditionalProperty(
                "status",
                Resources.yaml("status:\n" + status.indent(2))
                        .getAdditionalProperties()
                        .get("status"));
        admin.resource(made).updateStatus();
    }
}

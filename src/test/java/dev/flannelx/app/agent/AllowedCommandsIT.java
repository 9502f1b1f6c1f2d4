package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that runs listed commands only, in a cluster that takes any. */
class AllowedCommandsIT {
    @TempDir
    private Path folder;

    private Optional<ApiServer> open = Optional.empty();
    private Fleet fleet;
    private Path list;
    private TestNode a;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
        prepare();
    }

    private void prepare() {
        list = folder.resolve("allowed");
        fleet.create(fleet.usual());
        a = fleet.node("a");
        a.choose(new AgentSettings.Choices(
                a.address(), null, list, false, false, a.choices().grace()));
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        fleet.close();
        open.ifPresent(ApiServer::close);
    }

    @Test
    void nothingRunsAsLongAsOneCommandIsNotListed() throws Exception {
        Map<String, String> commands = commands();
        String add = commands.remove("subnetAddCommand");
        allow(commands);
        a.start();
        Fleet.await()
                .until(() -> isRefused()
                        && a.written(fleet.network())
                                .filter(written -> written.reason().equals("CommandNotAllowed")
                                        && written.message().contains("subnetAddCommand"))
                                .isPresent());
        assertThat(fleet.hooks(a)).isEmpty();

        commands.put("subnetAddCommand", add);
        allow(commands);
        Fleet.await().until(() -> a.isSettled(fleet.network(), 0));
    }

    @Test
    void aChangeThatIsNotListedRunsNothingAndWhatIsThereIsTakenDownAllTheSame() throws Exception {
        allow(commands());
        TestNode b = fleet.join("b");
        a.start();
        fleet.awaitSettled(a, b);
        List<String> before = fleet.hooks(a);
        Path canary = folder.resolve("canary");

        long generation = fleet.change(fleet.usual()
                .replace("postStartupCommand: ", "postStartupCommand: touch %s; ".formatted(canary))
                .replace("subnetAddCommand: ", "subnetAddCommand: touch %s; ".formatted(canary)));
        fleet.order(a, generation);
        Fleet.await().until(this::isRefused);
        assertThat(fleet.hooks(a)).isEqualTo(before);
        assertThat(a.subnetEnv()).exists();

        allow(Map.of());
        fleet.label(a, "another");
        Fleet.await().until(() -> a.agent().statuses().isEmpty());
        assertThat(fleet.hooks(a)).endsWith("remove " + fleet.subnet(fleet.third(b)), "shutdown");
        assertThat(canary).doesNotExist();
    }

    @Test
    void nothingElseRunsThoughThereIsNoAdmissionAndAnyAgentMayWriteEverything() throws Exception {
        fleet.close();
        ApiServer server = ApiServer.startOwn();
        open = Optional.of(server);
        fleet = new Fleet(folder, server);
        server.applyTypes("-f", "k8s/base/namespace.yaml", "-f", "k8s/base/crds", "-f", "k8s/base/agent/rbac.yaml");
        fleet.kubectl(
                "create",
                "clusterrolebinding",
                "everything",
                "--clusterrole=cluster-admin",
                "--serviceaccount=flannelx-system:flannelx-agent");
        prepare();
        allow(commands());
        a.start();
        fleet.awaitSettled(a);
        List<String> before = fleet.hooks(a);

        Path canary = folder.resolve("canary");
        String evil = fleet.usual().replaceAll("Command: ", "Command: touch %s; ".formatted(canary));
        try (KubernetesClient another = server.as(fleet.token("e"))) {
            another.resource(Fleet.networkOf(fleet.network(), evil)).update();
            another.resource(Fleet.networkOf("another", evil.replace(fleet.range(), fleet.otherRange())))
                    .create();
        }
        fleet.order(a, 2);
        Fleet.await().until(() -> isRefused(fleet.network()) && isRefused("another"));
        assertThat(fleet.hooks(a)).isEqualTo(before);
        assertThat(canary).doesNotExist();
    }

    private boolean isRefused() {
        return isRefused(fleet.network());
    }

    private boolean isRefused(String network) {
        return a.status(network)
                .map(NetworkStatus::phase)
                .filter(Phase.REFUSED::equals)
                .isPresent();
    }

    /** The network's commands as the API server has them, by field. */
    private Map<String, String> commands() {
        GenericKubernetesResource network = fleet.admin()
                .genericKubernetesResources(ResourceTypes.NETWORKS)
                .withName(fleet.network())
                .get();
        var commands = new TreeMap<String, String>();
        network.<Map<String, Object>>get("spec", "backend").forEach((field, value) -> {
            if (field.endsWith("Command")) {
                commands.put(field, String.valueOf(value));
            }
        });
        return commands;
    }

    private void allow(Map<String, String> commands) throws IOException {
        Path written = folder.resolve("allowed.new");
        Files.write(
                written,
                commands.values().stream().map(AllowedCommandsIT::digest).toList());
        Files.move(written, list, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String digest(String command) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(command.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}

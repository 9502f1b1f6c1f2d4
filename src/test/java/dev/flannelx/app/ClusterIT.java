package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flannelx.lab.api.ApiServerPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flannelx cluster}, for an ordinary user, and kubectl as somebody types it in another terminal. */
class ClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern KUBECONFIG = Pattern.compile("export KUBECONFIG=(\\S+)");

    @TempDir
    private static Path directory;

    private static OrdinaryUser user;

    @BeforeAll
    static void letAnOrdinaryUserRead() throws IOException {
        user = new OrdinaryUser(directory);
        user.copy(Path.of("src/examples"), "examples");
    }

    private static LabProcess start(String nodes) throws IOException {
        // Whoever runs this in the background may have told it, and so its children, to ignore SIGINT.
        var words = new ArrayList<>(user.wordsWithApiServer());
        words.addAll(List.of("env", "--default-signal=INT"));
        String file = directory.resolve("examples/vxlan.yaml").toString();
        return LabProcess.start(
                directory, words, user.classPath(), "cluster", file, "--nodes", nodes, "--timeout", "2m");
    }

    @Test
    void doesWhatKubectlSaysUntilItIsInterrupted() throws Exception {
        try (LabProcess process = start("3")) {
            var kubectl = new Kubectl(kubeconfig(process));
            showsEverything(kubectl);
            pauses(kubectl);
            startsAnAgentAnew(kubectl);
            forgetsANode(kubectl);
            rollsOut(kubectl);
            goesAsTheReadmeSays(kubectl);
            leavesNothingBehind(process, kubectl.kubeconfig(), "INT", 130);
        }
    }

    @Test
    void leavesNothingBehindWhenItIsKilled() throws Exception {
        try (LabProcess process = start("1")) {
            leavesNothingBehind(process, kubeconfig(process), "KILL", 137);
        }
    }

    private static Path kubeconfig(LabProcess process) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(process.isAlive()).as(process.err()).isTrue();
                            return KUBECONFIG
                                    .matcher(process.out())
                                    .results()
                                    .map(found -> Path.of(found.group(1)))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private static void showsEverything(Kubectl kubectl) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kubectl.run("get", "fnet,slease,fnode"))
                        .containsPattern("flannelnetwork\\S+/vxlan +10.50.0.0/16 +extension +3/3 +True ")
                        .containsPattern(
                                "subnetlease\\S+/vxlan-10-50-\\d+-0-24 +vxlan +node3 +10.50.\\d+.0/24 +192.0.2.3 ")
                        .containsPattern("flannelnode\\S+/node3 +1/1 "));
    }

    private static void pauses(Kubectl kubectl) throws IOException, InterruptedException {
        kubectl.run("annotate", "fnet", "vxlan", "flannelx.dev/paused=true");
        kubectl.awaitOf("fnode", "status.networks.vxlan.phase", "Paused Paused Paused");

        kubectl.run("annotate", "fnet", "vxlan", "flannelx.dev/paused-");
        kubectl.awaitOf("fnode", "status.networks.vxlan.phase", "Active Active Active");
    }

    private static void startsAnAgentAnew(Kubectl kubectl) throws IOException, InterruptedException {
        String[] pods = {"-n", "flannelx-system", "get", "pods", "--field-selector=spec.nodeName=node2", "-o", "name"};
        String before = kubectl.run(pods).strip();

        kubectl.run("-n", "flannelx-system", "delete", before);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(kubectl.run(pods).lines()).singleElement().isNotEqualTo(before));
        // Its heartbeat is written with the token of the new one.
        kubectl.run("delete", "fnode", "node2");
        kubectl.awaitOf("fnode", "status.networks.vxlan.ready", "true true true");
    }

    private static void forgetsANode(Kubectl kubectl) throws IOException, InterruptedException {
        kubectl.run("delete", "node", "node3");
        kubectl.awaitOf("slease", "spec.publicIP", "192.0.2.1 192.0.2.2");
        kubectl.awaitOf("fnode", "metadata.name", "node1 node2");
        kubectl.awaitOf("fnode", "status.networks.vxlan.peers.applied", "1 1");
        kubectl.awaitOf("fnet", "status.nodes.summary", "2/2");
    }

    private static void rollsOut(Kubectl kubectl) throws IOException, InterruptedException {
        kubectl.run(
                "patch",
                "fnet",
                "vxlan",
                "--type=merge",
                "-p",
                "{'spec':{'backend':{'subnetBatchCommand':null}}}".replace('\'', '"'));
        kubectl.awaitOf("fnode", "status.networks.vxlan.generation", "2 2");
        kubectl.awaitOf("fnet", "status.nodes.updated", "2");
    }

    private static void goesAsTheReadmeSays(Kubectl kubectl) throws IOException, InterruptedException {
        kubectl.run("delete", "fnet", "--all");
        kubectl.awaitOf("slease", "metadata.name", "");
        kubectl.awaitOf("fnode", "status.summary", "0/0 0/0");

        // Nothing here takes a namespace's content away, which kubectl would wait for.
        kubectl.run("delete", "-k", "k8s/base", "--wait=false", "--ignore-not-found");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(kubectl.run("get", "crd")).doesNotContain("flannelx"));
    }

    private static void leavesNothingBehind(LabProcess process, Path kubeconfig, String signal, int exitCode)
            throws IOException, InterruptedException {
        Set<String> namespaces = process.namespaces();
        assertThat(kubeconfig).exists();

        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(process.end().exitCode()).isEqualTo(exitCode);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.living()).isEmpty();
            assertThat(LabProcess.alive(namespaces)).isEmpty();
            assertThat(kubeconfig.getParent()).doesNotExist();
        });
    }

    /** kubectl, as in another terminal. */
    private record Kubectl(Path kubeconfig) {
        String run(String... arguments) throws IOException, InterruptedException {
            var argv =
                    new ArrayList<>(List.of(ApiServerPrograms.find().kubectl().toString()));
            argv.addAll(List.of(arguments));
            Path output = Files.createTempFile(directory, "kubectl", ".out");
            var builder = new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("KUBECONFIG", kubeconfig.toString());
            Process process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(argv + " does not end: " + Files.readString(output));
            }
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readString(output);
        }

        /** Waits until all resources of a type have those values, in some order. */
        void awaitOf(String type, String field, String wanted) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(run("get", type, "-o", "jsonpath={.items[*]." + field + "}")
                                    .split(" "))
                            .containsExactlyInAnyOrder(wanted.split(" ")));
        }
    }
}

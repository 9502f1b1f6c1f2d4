package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pods of {@code k8s/base} tell the program, and give it. */
class DaemonManifestsTest {
    private static final int OPERATOR_HEAP_MIB = 384;

    private static Container agent() throws IOException {
        return container(
                first("agent/daemonset.yaml", DaemonSet.class).getSpec().getTemplate());
    }

    private static Container operator() throws IOException {
        return container(
                first("operator/deployment.yaml", Deployment.class).getSpec().getTemplate());
    }

    private static <T> T first(String manifest, Class<T> type) throws IOException {
        String documents = Files.readString(Path.of("k8s/base", manifest));
        return Serialization.unmarshal(documents.split("\n---\n", -1)[0], type);
    }

    private static Container container(PodTemplateSpec template) {
        return template.getSpec().getContainers().getFirst();
    }

    private static CommandLine parsed(Container container) {
        CommandLine line = Main.commandLine();
        line.parseArgs(container.getArgs().toArray(String[]::new));
        return line.getParseResult().subcommand().commandSpec().commandLine();
    }

    private static int port(Container container) {
        return container.getPorts().stream()
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theAgentIsToldWhatItUnderstands() throws IOException {
        CommandLine agent = parsed(agent());
        assertThat(agent.getCommandName()).isEqualTo("agent");
        assertThat(agent.getParseResult().matchedOptionValue("--ip-masq", false))
                .isTrue();
        assertThat(agent.getParseResult().matchedOptionValue("--http-port", 0)).isEqualTo(port(agent()));
        assertThat(agent().getEnv()).anyMatch(variable -> variable.getName().equals("NODE_NAME"));
    }

    @Test
    void theOperatorIsToldWhatItUnderstands() throws IOException {
        CommandLine operator = parsed(operator());
        assertThat(operator.getCommandName()).isEqualTo("operator");
        assertThat(operator.getParseResult().matchedOptionValue("--http-port", 0))
                .isEqualTo(port(operator()));
    }

    @Test
    void theOperatorHasTwiceItsHeapOfMemory() throws IOException {
        assertThat(operator().getEnv())
                .contains(new EnvVar("FLANNELX_JAVA_OPTIONS", "-Xmx" + OPERATOR_HEAP_MIB + "m", null));
        assertThat(operator().getResources().getLimits())
                .containsEntry("memory", new Quantity(2 * OPERATOR_HEAP_MIB + "Mi"));
    }

    @Test
    void whatTheAgentWritesIsMountedWithItsRootReadOnly() throws IOException {
        assertThat(agent().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        var command = new AgentCommand();
        new CommandLine(command).parseArgs("--node-name=node1");
        Map<String, String> usual = command.properties();
        assertThat(agent().getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains(
                        usual.get("flannelx.agent.run-directory"),
                        usual.get("flannelx.agent.flannel-directory"),
                        usual.get("flannelx.agent.cni-directory"),
                        "/tmp");
    }
}

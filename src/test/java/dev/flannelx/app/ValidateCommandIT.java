package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the shell of this machine. */
class ValidateCommandIT {
    private static final Path EXAMPLES = Path.of("src/examples");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"host-gw.yaml", "vxlan.yaml", "wireguard.yaml"})
    void hasNoAdviceOnTheExamplesToCopy(String example) {
        Path file = EXAMPLES.resolve(example);
        assertThat(CommandRun.of("validate", file.toString())).isEqualTo(new CommandRun(0, file + ": valid\n", ""));
    }

    @ParameterizedTest
    @CsvSource({"host-gw.json, `ip route add` fails or piles up", "vxlan.json, $VTEP comes from another node"})
    void takesFlannelsDocumentedExamplesWithAdvice(String example, String advice) {
        CommandRun run = CommandRun.of("validate", EXAMPLES.resolve(example).toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(example + ": valid\n", example + ": advice: ", advice);
    }

    @Test
    void saysSoWhereAFileIsADirectoryOrNoText() throws IOException {
        assertThat(CommandRun.of("validate", directory.toString()).exitCode()).isEqualTo(2);
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xC3, (byte) 0x28});
        assertThat(CommandRun.of("validate", binary.toString()))
                .isEqualTo(new CommandRun(2, "", binary + ": is not text: want UTF-8\n"));
    }

    @Test
    void givesAdviceOnFieldsWithoutEffectAlsoWhereSomethingIsMissing() throws IOException {
        Path file = write("net.yaml", resource().replace("subnetAddCommand", "subnetaddcommand"));
        CommandRun run = CommandRun.of("validate", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                        %1$s: advice: backend.subnetaddcommand has no effect here: did you mean backend.subnetAddCommand?
                        %1$s: backend.subnetAddCommand is missing: want at least one command
                        """.formatted(file));
    }

    @Test
    void looksAtEveryFile() throws IOException {
        Path good = write("good.yaml", resource());
        Path bad = write("bad.yaml", resource().replace("type: extension", "type: other"));
        Path worse = directory.resolve("absent");
        CommandRun run = CommandRun.of("validate", bad.toString(), good.toString(), worse.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).startsWith(good + ": valid\n");
        assertThat(run.err().lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "validate --nonsense x", "nonsense", ""})
    void refusesWrongUsage(String line) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("flannelx ");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String resource() {
        return """
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata: {name: demo}
                spec:
                  network: 10.50.0.0/16
                  backend:
                    type: extension
                    subnetAddCommand: ip route replace "$SUBNET" via "$PUBLIC_IP"
                """;
    }
}

package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bad input that people bring: each command names subject, value and what was wanted, and exits with 2. */
class BadInputIT {
    private static final List<String> COMMANDS = List.of("validate", "lab", "cluster", "convert");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "hello | no networks in it: want one FlannelNetwork, or one flannel configuration with Network and Backend",
                "{\"Network\": \"10.0.0.0/16\", | line 1, column 27: Unexpected end-of-input within/between Object entries",
                "{\"Network\": \"10.0.0.0/16\", \"Backend\": {\"Type\": \"vxlan\", \"SubnetAddCommand\": \"a\"}} | backend.type vxlan is unknown: want extension",
                "{\"Network\": \"10.0.0.0/16\", \"SubnetMin\": \"10.9.0.0\", \"Backend\": {\"Type\": \"extension\", \"SubnetAddCommand\": \"a\"}} | subnetMin 10.9.0.0 is outside: want an address in 10.0.0.0/16",
                "{\"Network\": \"10.0.0.0/24\", \"SubnetLen\": 31, \"Backend\": {\"Type\": \"extension\", \"SubnetAddCommand\": \"a\"}} | subnetLen 31 does not fit 10.0.0.0/24: want 26 to 30",
                "{\"Network\": \"10.0.0.0/16\", \"Backend\": {\"Type\": \"extension\"}} | backend.subnetAddCommand is missing: want at least one command",
            })
    void isNamed(String text, String problem) throws IOException {
        Path file = Files.writeString(directory.resolve("net-conf.json"), text);
        for (String command : COMMANDS) {
            isRefused(CommandRun.of(command, file.toString()), file + ": " + problem);
        }
    }

    @Test
    void maybeANetworkThatIsNotAligned() throws IOException {
        Path file = Files.writeString(directory.resolve("net.yaml"), """
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata: {name: demo}
                spec:
                  network: 10.50.7.0/16
                  backend: {type: extension, subnetAddCommand: a}
                """);
        for (String command : COMMANDS) {
            isRefused(
                    CommandRun.of(command, file.toString()),
                    file + ": network 10.50.7.0/16 has host bits: want 10.50.0.0/16");
        }
    }

    /** Convert only writes another way what it reads: it asks no shell. */
    @Test
    void maybeAHookThatIsNoShellCommand() throws IOException {
        Path file = Files.writeString(directory.resolve("net-conf.json"), """
                {"Network": "10.0.0.0/16", "Backend": {"Type": "extension", "SubnetAddCommand": "if"}}
                """);
        for (String command : List.of("validate", "lab", "cluster")) {
            isRefused(
                    CommandRun.of(command, file.toString()), file + ": backend.subnetAddCommand is no shell command: ");
        }
    }

    @Test
    void maybeAFileThatIsNotThere() {
        Path file = directory.resolve("absent.yaml");
        for (String command : COMMANDS) {
            isRefused(
                    CommandRun.of(command, file.toString()),
                    file + ": no such file: want a FlannelNetwork or flannel's net-conf.json");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes 0 | --nodes 0 is wrong: want 1 to 250",
                "--nodes 251 | --nodes 251 is wrong: want 1 to 250",
                "--nodes three | Invalid value for option '--nodes': 'three' is not an int",
                "--scenario chaos | --scenario chaos is unknown: want one of smoke, restart, leave, flaky, all",
                "--timeout soon | soon is not a duration: want one such as 30s or 5m",
                "--seed x | Invalid value for option '--seed': 'x' is not a long",
            })
    void maybeAnOptionOfTheLab(String option, String problem) {
        String[] words = ("lab src/examples/vxlan.json " + option).split(" ", -1);
        CommandRun run = CommandRun.of(words);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(problem, "Usage: flannelx lab ");
    }

    @Test
    void maybeANumberOfNodesOfTheCluster() {
        CommandRun run = CommandRun.of("cluster", "src/examples/vxlan.json", "--nodes", "251");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("--nodes 251 is wrong: want 1 to 250", "Usage: flannelx cluster ");
    }

    @ParameterizedTest
    @CsvSource({
        "lab, Missing required parameter: 'FILE'",
        "lab a b, Unmatched argument at index 2: 'b'",
        "lab --nonsense a, Unknown option: '--nonsense'"
    })
    void maybeWrongUsageOfTheLab(String line, String problem) {
        isRefused(CommandRun.of(line.split(" ", -1)), problem);
    }

    private static void isRefused(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith(message).endsWith("\n");
    }
}

package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OperatorCommandTest {
    @Test
    void whatNobodySaysIsUsual() {
        assertThat(properties())
                .isEqualTo(Map.of(
                        "flannelx.daemon", "operator",
                        "quarkus.http.port", "9478",
                        "flannelx.operator.namespace", "flannelx-system",
                        "flannelx.operator.name", "flannelx-operator"));
    }

    @Test
    void whatAPersonSaysGoesToTheDaemon() {
        assertThat(properties("--namespace=networking", "--name=mine", "--http-port=0"))
                .containsEntry("flannelx.operator.namespace", "networking")
                .containsEntry("flannelx.operator.name", "mine")
                .containsEntry("quarkus.http.port", "0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--namespace=Not_One | --namespace Not_One is wrong: want the name of a namespace",
                "--http-port=70000 | --http-port 70000 is wrong: want 0 to 65535"
            })
    void wrongUsageSaysWhatWasWanted(String arguments, String message) {
        CommandRun run = CommandRun.of(("operator " + arguments).split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG);
        assertThat(run.err()).contains(message);
    }

    private static Map<String, String> properties(String... arguments) {
        var command = new OperatorCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.properties();
    }
}

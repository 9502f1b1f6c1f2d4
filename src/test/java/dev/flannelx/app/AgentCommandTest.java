package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AgentCommandTest {
    @Test
    void whatNobodySaysIsUsual() {
        assertThat(properties("--node-name=node1"))
                .isEqualTo(Map.of(
                        "flannelx.daemon", "agent",
                        "quarkus.http.port", "9477",
                        "flannelx.agent.node-name", "node1",
                        "flannelx.agent.on-subnet-lost", "wait",
                        "flannelx.agent.ip-masq", "false",
                        "flannelx.agent.run-directory", "/run/flannelx",
                        "flannelx.agent.flannel-directory", "/run/flannel",
                        "flannelx.agent.cni-directory", "/etc/cni/net.d"));
    }

    @Test
    void whatAPersonSaysGoesToTheDaemon() {
        assertThat(properties(
                        "--node-name=node1",
                        "--primary-network=demo",
                        "--allowed-commands=/etc/flannelx/allowed",
                        "--public-ip=192.0.2.1",
                        "--public-ipv6=2001:DB8::1",
                        "--on-subnet-lost=move",
                        "--ip-masq",
                        "--http-port=0",
                        "--run-directory=/tmp/run"))
                .containsEntry("flannelx.agent.primary-network", "demo")
                .containsEntry("flannelx.agent.allowed-commands", "/etc/flannelx/allowed")
                .containsEntry("flannelx.agent.public-ip", "192.0.2.1")
                .containsEntry("flannelx.agent.public-ipv6", "2001:db8::1")
                .containsEntry("flannelx.agent.on-subnet-lost", "move")
                .containsEntry("flannelx.agent.ip-masq", "true")
                .containsEntry("quarkus.http.port", "0")
                .containsEntry("flannelx.agent.run-directory", "/tmp/run");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--node-name=Node_1 | --node-name Node_1 is wrong",
                "--node-name=a --public-ip=2001:db8::1 | 2001:db8::1 is no address: want one such as 192.0.2.1",
                "--node-name=a --public-ipv6=192.0.2.1 | 192.0.2.1 is no address: want one such as 2001:db8::1",
                "--node-name=a --on-subnet-lost=panic | expected one of [WAIT, MOVE] (case-insensitive)",
                "--node-name=a --http-port=70000 | --http-port 70000 is wrong: want 0 to 65535"
            })
    void wrongUsageSaysWhatWasWanted(String arguments, String message) {
        CommandRun run = CommandRun.of(("agent " + arguments).split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG);
        assertThat(run.err()).contains(message);
    }

    private static Map<String, String> properties(String... arguments) {
        var command = new AgentCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return command.properties();
    }
}

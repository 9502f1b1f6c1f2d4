package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
    private static Set<String> commands() {
        return Main.commandLine().getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysWhatItTakesAndOfWhichVersionItIs(String command) {
        CommandRun help = CommandRun.of(command, "--help");
        assertThat(help.exitCode()).as(help.err()).isEqualTo(ExitCode.DONE);
        assertThat(help.out())
                .startsWith("Usage: flannelx " + command)
                .as("names of fields")
                .doesNotContain("=<");

        CommandRun version = CommandRun.of(command, "--version");
        assertThat(version).isEqualTo(CommandRun.of("--version"));
        assertThat(version.out()).startsWith("flannelx ");
    }
}

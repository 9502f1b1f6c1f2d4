package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.HookCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellSyntaxIT {
    @ParameterizedTest
    @ValueSource(strings = {"if true; then", "echo 'open", "echo \"$(\"", "do it", "a | | b", "case x in", "f() {"})
    void namesTheCommandThatTheShellCannotParse(String text) throws IOException {
        assertThat(problemsIn(text))
                .singleElement()
                .asString()
                .startsWith("backend.subnetAddCommand is no shell command: ")
                .endsWith(": want what sh -n accepts")
                .hasSizeGreaterThan("backend.subnetAddCommand is no shell command: : want what sh -n accepts".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "nosuchprogram --at-all", "exit 3", "# nothing but a comment", "cat <<X\nopen\nX"})
    void letsBeWhatItCanParse(String text) throws IOException {
        assertThat(problemsIn(text)).isEmpty();
    }

    @Test
    void runsNothing(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("made");
        assertThat(problemsIn("touch " + file + "\n$(touch " + file + ")")).isEmpty();
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void isNotStoppedByAShellThatReadsNoFurther() throws IOException {
        assertThat(problemsIn(")\n" + "# padding\n".repeat(10_000))).hasSize(1);
    }

    private static List<String> problemsIn(String add) throws IOException {
        return ShellSyntax.problemsIn(new HookCommands("true", null, add, null, null, null, null, null));
    }
}

package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedCommandsTest {
    /** {@code printf %s 'ip route' | sha256sum}. */
    private static final String IP_ROUTE = "af3ce2f82176f6ff262c67dd815d4ce6e74396c33c1887d6cffc59bfb78ef80b";

    @TempDir
    private Path directory;

    private AllowedCommands of(String text) throws IOException {
        return AllowedCommands.in(Files.writeString(directory.resolve("allowed"), text));
    }

    @Test
    void permitsTheListedTextsToTheLetter() throws IOException {
        AllowedCommands allowed = of("# routes\n\n  " + IP_ROUTE + "\n");
        assertThat(allowed.problems()).isEmpty();
        assertThat(allowed).accepts("ip route").rejects("ip route ", "ip route\n", "IP ROUTE", "");
    }

    @Test
    void readsEitherCase() throws IOException {
        assertThat(of(IP_ROUTE.toUpperCase(Locale.ROOT))).accepts("ip route");
    }

    @Test
    void anEmptyListPermitsNothing() throws IOException {
        assertThat(of("# none yet\n")).rejects("true", "");
    }

    @Test
    void anyOtherLineIsAProblemAndPermitsNothing() throws IOException {
        AllowedCommands allowed = of("ip route\n" + IP_ROUTE + "  -\n" + IP_ROUTE + "\n" + IP_ROUTE.substring(1));
        assertThat(allowed.problems())
                .containsExactly(
                        problem(1, "ip route"), problem(2, IP_ROUTE + "  -"), problem(4, IP_ROUTE.substring(1)));
        assertThat(allowed).accepts("ip route").rejects("true");
    }

    private String problem(int line, String text) {
        return "%s, line %d: %s: want the SHA-256 of a command, 64 hexadecimal digits"
                .formatted(directory.resolve("allowed"), line, text);
    }

    @Test
    void aFileThatCannotBeReadPermitsNothing() throws IOException {
        AllowedCommands missing = AllowedCommands.in(directory.resolve("nowhere"));
        assertThat(missing.problems())
                .singleElement()
                .asString()
                .startsWith("no command is allowed: " + directory.resolve("nowhere") + " cannot be read: ");
        assertThat(missing).rejects("ip route");

        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, '\n'});
        assertThat(AllowedCommands.in(directory.resolve("binary")).problems()).hasSize(1);
    }

    @Test
    void followsALinkThatIsSwappedAsInAConfigMapsMount() throws IOException {
        Path one = Files.writeString(directory.resolve("one"), IP_ROUTE + "\n");
        Path other = Files.writeString(directory.resolve("other"), "# nothing\n");
        Path link = Files.createSymbolicLink(directory.resolve("allowed"), one);
        assertThat(AllowedCommands.in(link)).accepts("ip route");
        Files.move(Files.createSymbolicLink(directory.resolve("..new"), other), link, StandardCopyOption.ATOMIC_MOVE);
        assertThat(AllowedCommands.in(link)).rejects("ip route");
    }

    @Test
    void theShippedListPermitsTheCommandsOfItsExample() throws IOException {
        AllowedCommands allowed = AllowedCommands.in(Path.of("k8s/examples/allowed-commands/allowed-commands"));
        JsonNode backend = new YAMLMapper()
                .readTree(Path.of("k8s/examples/host-gw.yaml").toFile())
                .at("/spec/backend");
        int commands = 0;
        for (var field : backend.properties()) {
            if (field.getKey().endsWith("Command")) {
                assertThat(allowed).as(field.getKey()).accepts(field.getValue().asText());
                commands++;
            }
        }
        assertThat(allowed.digests()).hasSize(commands);
        assertThat(allowed.problems()).isEmpty();
    }
}

package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.network.NetworkFile;
import dev.flannelx.network.NetworkFile.Parsed;
import dev.flannelx.network.RandomNetworks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {
    private static final String NET_CONF = """
            {"Network": "10.50.7.9/16", "SubnetLen": 26, "Backend": {"Type": "extension",
             "PreStartupCommand": "export X=1; echo $X",
             "SubnetAddCommand": "ip route add $SUBNET \\\\\\n via $PUBLIC_IP"}}
            """;

    @TempDir
    Path directory;

    @Test
    void writesAResourceThatAPersonCanRead() throws IOException {
        Path file = Files.writeString(directory.resolve("My Net_conf.json"), NET_CONF);
        assertThat(CommandRun.of("convert", file.toString())).isEqualTo(new CommandRun(0, """
                apiVersion: flannelx.dev/v1alpha1
                kind: FlannelNetwork
                metadata:
                  name: my-net-conf
                spec:
                  network: 10.50.0.0/16
                  subnetLen: 26
                  backend:
                    type: extension
                    preStartupCommand: export X=1; echo $X
                    subnetAddCommand: |-
                      ip route add $SUBNET \\
                       via $PUBLIC_IP
                """, ""));
    }

    @Test
    void readsStdin() {
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(NET_CONF.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(CommandRun.of("convert", "-").out()).contains("  name: flannel\n");
        } finally {
            System.setIn(stdin);
        }
    }

    @Test
    void saysWhatItLeftOut() throws IOException {
        Path file = Files.writeString(
                directory.resolve("conf"), NET_CONF.replace("\"SubnetLen\": 26", "\"EnableNFTables\": true"));
        CommandRun run = CommandRun.of("convert", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo(file + ": advice: EnableNFTables has no meaning here: it is left out\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host-gw.json", "vxlan.json", "host-gw.yaml", "vxlan.yaml", "wireguard.yaml"})
    void writesTheSameNetwork(String example) throws IOException {
        Path file = Path.of("src/examples", example);
        String name = example.replaceAll("\\..*", "");
        CommandRun run = CommandRun.of("convert", file.toString());
        assertThat(found(run.out()).decode())
                .isEqualTo(found(Files.readString(file), name).decode());
    }

    @ParameterizedTest
    @CsvSource({"convert,2", "convert /nonexistent,2", "convert a b,2"})
    void exitsWith2WhereItCannotRead(String line, int exitCode) {
        CommandRun run = CommandRun.of(line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotEmpty();
    }

    @Test
    void refusesAnInvalidNetwork() throws IOException {
        Path file = Files.writeString(directory.resolve("conf"), NET_CONF.replace("26", "31"));
        assertThat(CommandRun.of("convert", file.toString()))
                .isEqualTo(new CommandRun(2, "", file + ": subnetLen 31 does not fit 10.50.0.0/16: want 18 to 30\n"));
    }

    @Test
    void writesYamlThatIsReadAsTheSame() throws IOException {
        long seed = new Random().nextLong();
        var networks = new RandomNetworks(seed);
        for (int i = 0; i < 300; i++) {
            ObjectNode resource = resource(networks.next());
            assertThat(found(ResourceYaml.write(resource)).spec())
                    .as("seed %d", seed)
                    .isEqualTo(resource.get("spec"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1e3",
                "0x1f",
                "0o17",
                "017",
                "1_000",
                "1:30",
                ".5",
                "+1",
                "-1",
                "true",
                "yes",
                "on",
                "NULL",
                "~",
                "",
                "a: b",
                "a #b",
                "- a",
                "*a",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "{a",
                "[a",
                "'a",
                "\"a",
                "a\n",
                " a",
                "a\n\n b\n"
            })
    void keepsTextText(String text) throws IOException {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.putObject("nodeSelector").put("label", text);
        assertThat(found(ResourceYaml.write(resource(spec)))
                        .spec()
                        .path("nodeSelector")
                        .path("label"))
                .isEqualTo(JsonNodeFactory.instance.textNode(text));
    }

    private static ObjectNode resource(ObjectNode spec) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("apiVersion", "flannelx.dev/v1alpha1").put("kind", "FlannelNetwork");
        resource.putObject("metadata").put("name", "demo");
        resource.set("spec", spec);
        return resource;
    }

    private static NetworkFile found(String text) {
        return found(text, "fallback");
    }

    private static NetworkFile found(String text, String name) {
        return switch (NetworkFile.parse(text, name)) {
            case Parsed.Found(NetworkFile file) -> file;
            case Parsed.Unreadable(String problem) -> throw new AssertionError(problem + "\n" + text);
        };
    }
}

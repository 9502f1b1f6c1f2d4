package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What images are built of, once the application is packaged. */
class DockerfilesIT {
    private static final Path DIRECTORY = Path.of("src/main/docker");

    private static List<String> copied(String dockerfile) throws IOException {
        return Files.readAllLines(DIRECTORY.resolve(dockerfile)).stream()
                .filter(line -> line.startsWith("COPY "))
                .map(line -> Arrays.stream(line.split(" +"))
                        .skip(1)
                        .filter(word -> !word.startsWith("--"))
                        .toList())
                .flatMap(words -> words.subList(0, words.size() - 1).stream())
                .toList();
    }

    @Test
    void whatTheImageOfTheJvmCopiesIsThere() throws IOException {
        assertThat(copied("Dockerfile.jvm"))
                .hasSizeGreaterThan(4)
                .allSatisfy(source -> assertThat(Path.of(source)).exists());
    }

    @Test
    void theImageOfTheJvmHasAllThatIsPackaged() throws IOException {
        List<Path> copied = copied("Dockerfile.jvm").stream().map(Path::of).toList();
        try (var packaged = Files.list(Path.of("target/quarkus-app"))) {
            assertThat(packaged.filter(path -> !path.getFileName().toString().endsWith(".txt")))
                    .isNotEmpty()
                    .allSatisfy(path -> assertThat(copied).contains(path));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void whatIsCopiedIsNotIgnored(String dockerfile) throws IOException {
        List<String> kept = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        assertThat(copied(dockerfile))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(kept).anyMatch(source::startsWith));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void hooksFindTheProgramsOfTheExamples(String dockerfile) throws IOException {
        assertThat(Files.readString(DIRECTORY.resolve(dockerfile)))
                .contains("iproute2", "net-tools", "wireguard-tools", "nftables");
    }
}

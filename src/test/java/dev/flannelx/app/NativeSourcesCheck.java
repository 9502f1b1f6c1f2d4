package dev.flannelx.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/**
 * What a native image would be built of, as {@code make native-check} leaves it: no ordinary test, since that build takes
 * a minute.
 */
class NativeSourcesCheck {
    private static final Path SOURCES = Path.of("target/native-sources");
    private static final String METADATA = "META-INF/native-image";

    private static JsonNode reflection() throws IOException {
        return new ObjectMapper().readTree(inJar(METADATA + "/reflect-config.json"));
    }

    private static String inJar(String file) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            Path jar = files.filter(path -> path.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(SOURCES + " has no runner: run make native-check"));
            try (FileSystem opened = FileSystems.newFileSystem(jar)) {
                return Files.readString(opened.getPath(file));
            }
        }
    }

    /** By their names: what JSON and YAML are made of, and what the command line is made of. */
    private static Set<String> usedByReflection() {
        var used = new HashSet<String>();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.flannelx").stream()
                        .filter(type -> isResource(type) || type.isAnnotatedWith(Command.class))
                        .map(JavaClass::getName)
                        .forEach(used::add);
        return used;
    }

    private static boolean isResource(JavaClass type) {
        return type.isAssignableTo(KubernetesResource.class)
                || (type.getPackageName().equals("dev.flannelx.kube.resource") && type.isRecord());
    }

    @Test
    void whatIsUsedByReflectionIsRegistered() throws IOException {
        var registered = new HashSet<String>();
        for (JsonNode type : reflection()) {
            if (type.path("allDeclaredConstructors").asBoolean()
                    && type.path("allDeclaredMethods").asBoolean()
                    && type.path("allDeclaredFields").asBoolean()) {
                registered.add(type.path("name").asText());
            }
        }
        assertThat(usedByReflection())
                .contains("dev.flannelx.app.Main", "dev.flannelx.kube.resource.SubnetLease")
                .hasSizeGreaterThan(10);
        assertThat(registered).containsAll(usedByReflection());
    }

    @Test
    void theCallsOfTheCLibraryAreRegistered() throws IOException {
        String calls = "META-INF/native-image/dev.flannelx/flannelx/reachability-metadata.json";
        assertThat(inJar(calls)).isEqualTo(Files.readString(Path.of("src/main/resources", calls)));
    }

    @Test
    void handlesOfTheCLibraryAreMadeWhereTheyAreCalled() throws IOException {
        assertThat(List.of(
                        Files.readString(SOURCES.resolve("native-image.args")).split(" ", -1)))
                .contains("--initialize-at-run-time=dev.flannelx.host", "--enable-native-access=ALL-UNNAMED");
    }
}

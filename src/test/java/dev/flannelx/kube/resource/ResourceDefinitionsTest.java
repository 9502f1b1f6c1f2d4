package dev.flannelx.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The CRDs that ship are those of the classes. {@code -Dgolden.write=true} writes them anew. */
class ResourceDefinitionsTest {
    private static final Path SHIPPED = Path.of("k8s/base/crds");

    @TestFactory
    Stream<DynamicTest> shipsTheDefinitionOfEachClass() {
        return ResourceDefinitions.generate().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> isShipped(file)));
    }

    @Test
    void shipsNoOtherDefinition() throws IOException {
        try (Stream<Path> files = Files.list(SHIPPED)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            ResourceDefinitions.generate().keySet());
        }
    }

    private static void isShipped(Map.Entry<String, String> generated) throws IOException {
        Path file = SHIPPED.resolve(generated.getKey() + ".yaml");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(SHIPPED);
            Files.writeString(file, generated.getValue());
        }
        assertThat(file).content().isEqualTo(generated.getValue());
    }
}

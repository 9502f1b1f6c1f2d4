package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a native image is told of the C library, against what is called. */
class NativeMetadataTest {
    private static final String METADATA = "/META-INF/native-image/dev.flannelx/flannelx/reachability-metadata.json";

    private static final Map<MemoryLayout, String> NAMES = Map.of(
            CLibrary.INT, "int",
            CLibrary.LONG, "long",
            CLibrary.SHORT, "short",
            CLibrary.POINTER, "void*");

    @BeforeAll
    static void makeAllHandles() throws IllegalAccessException {
        MethodHandles.lookup().ensureInitialized(Posix.class);
        MethodHandles.lookup().ensureInitialized(Spawner.class);
    }

    @Test
    void listsEveryWayInWhichTheCLibraryIsCalledAndNoOther() throws IOException {
        List<String> called =
                CLibrary.signatures().stream().map(NativeMetadataTest::text).toList();
        try (var metadata = NativeMetadataTest.class.getResourceAsStream(METADATA)) {
            JsonNode downcalls = new ObjectMapper().readTree(metadata).at("/foreign/downcalls");
            var listed = new ArrayList<String>();
            downcalls.forEach(downcall -> listed.add(text(downcall)));
            assertThat(listed).containsExactlyInAnyOrderElementsOf(called);
        }
    }

    private static String text(CLibrary.Signature signature) {
        String arguments =
                signature.type().argumentLayouts().stream().map(NAMES::get).collect(Collectors.joining(", ", "(", ")"));
        String result = NAMES.get(signature.type().returnLayout().orElseThrow());
        return result
                + arguments
                + signature.options().stream().map(NativeMetadataTest::text).collect(Collectors.joining());
    }

    private static String text(Linker.Option option) {
        assertThat(option).isEqualTo(Linker.Option.captureCallState("errno"));
        return " captureCallState true";
    }

    private static String text(JsonNode downcall) {
        var arguments = new ArrayList<String>();
        downcall.path("parameterTypes").forEach(type -> arguments.add(type.asText()));
        return downcall.path("returnType").asText()
                + "(" + String.join(", ", arguments) + ")"
                + downcall.path("options").properties().stream()
                        .map(option ->
                                " " + option.getKey() + " " + option.getValue().asText())
                        .collect(Collectors.joining());
    }
}

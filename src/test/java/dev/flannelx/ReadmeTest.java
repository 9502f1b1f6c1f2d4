package dev.flannelx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the README points to is there; what it says is shown by the tests that it names. */
class ReadmeTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))(?:#\\w+)?`");
    private static final Pattern METHOD = Pattern.compile("`\\w+(?:IT|Test)#(\\w+)`");
    private static final Pattern PATH = Pattern.compile("\\b((?:k8s|grafana|src)/[\\w./-]*\\w)");
    private static final Pattern TARGET = Pattern.compile("(?:`|\\$ )make ([a-z-]+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

    private static String readme = "";

    @BeforeAll
    static void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
    }

    private static Set<String> named(Pattern pattern) {
        return pattern.matcher(readme).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private static Stream<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }

    @Test
    void eachTestThatItNamesIsThere() throws IOException {
        assertThat(named(TEST)).isNotEmpty();
        assertThat(tests().map(file -> file.getFileName().toString().replace(".java", "")))
                .containsAll(named(TEST));
    }

    @Test
    void eachTestMethodThatItNamesIsThere() throws IOException {
        var sources = new StringBuilder();
        for (Path file : tests().toList()) {
            sources.append(Files.readString(file));
        }
        assertThat(named(METHOD))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(sources).contains("void " + method + "("));
    }

    @Test
    void eachFileThatItNamesIsThere() {
        assertThat(named(PATH))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    @Test
    void eachMakeTargetThatItNamesIsThere() throws IOException {
        String makefile = Files.readString(Path.of("Makefile"));
        assertThat(named(TARGET))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(makefile).containsPattern("(?m)^" + target + ":"));
    }

    @Test
    void eachSectionThatItLinksToIsThere() {
        Set<String> sections = named(HEADING).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());
        assertThat(named(LINK)).isNotEmpty();
        assertThat(sections).containsAll(named(LINK));
    }
}

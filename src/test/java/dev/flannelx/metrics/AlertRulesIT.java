package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertRulesIT {
    static final Path TESTS = Path.of("src/test/promtool/alerts.yaml");

    @TempDir
    private Path folder;

    @Test
    void promtoolReadsThem() throws Exception {
        Path rules = folder.resolve("rules.yaml");
        AlertRules.read().write(rules);

        ToolRun run = ToolRun.of("", "promtool", "check", "rules", rules.toString());
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output())
                .contains(AlertRules.read().alerts().size() + " rules found")
                .doesNotContainIgnoringCase("duplicate");
    }

    @Test
    void theyFireAndStaySilentAsWrittenDown() throws Exception {
        AlertRules.read().write(folder.resolve("rules.yaml"));
        Path tests = Files.copy(TESTS, folder.resolve("alerts.yaml"));

        ToolRun run = ToolRun.of("", "promtool", "test", "rules", tests.toString());
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains("SUCCESS");
    }
}

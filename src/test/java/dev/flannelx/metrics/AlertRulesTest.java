package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertRulesTest {
    static List<AlertRules.Alert> alerts() throws IOException {
        return AlertRules.read().alerts();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertSaysHowBadItIsWhatItMeansAndWhereToReadOn(AlertRules.Alert alert) {
        assertThat(alert.json().at("/labels/severity").asText()).isIn("warning", "critical");
        assertThat(alert.annotation("summary")).isNotBlank();
        assertThat(alert.annotation("description")).isNotBlank();
        assertThat(alert.annotation("runbook_url"))
                .isEqualTo("README.md#" + alert.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void theReadmeHasARunbookForEachAlertAndNoOther() throws IOException {
        var sections = new TreeSet<String>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.matches("#+ Flannelx\\w+")) {
                sections.add(line.replaceAll("#+ ", ""));
            }
        }
        assertThat(sections)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(AlertRules.Alert::name).toList());
    }

    @Test
    void everyAlertIsTestedFiringAndSilent() throws IOException {
        Map<String, Set<Boolean>> tested = new HashMap<>();
        JsonNode tests = new YAMLMapper().readTree(AlertRulesIT.TESTS.toFile()).path("tests");
        for (JsonNode test : tests) {
            for (JsonNode check : test.path("alert_rule_test")) {
                tested.computeIfAbsent(check.path("alertname").asText(), key -> new TreeSet<>())
                        .add(!check.path("exp_alerts").isEmpty());
            }
        }
        assertThat(alerts())
                .allSatisfy(alert ->
                        assertThat(tested.get(alert.name())).as(alert.name()).containsExactlyInAnyOrder(true, false));
    }
}

package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of Grafana's dashboard-linter (github.com/grafana/dashboard-linter, docs/rules), named as there. Where it
 * looks at some types of panels only, all are held to the rule here. That PromQL is valid a real Prometheus says.
 */
class DashboardLintTest {
    private static final Pattern METRIC = Pattern.compile("\\b(flannelx|jvm|process)_[a-z0-9_]+");
    private static final Pattern RANGE = Pattern.compile("\\[([^]]*)]");
    private static final Pattern IN_RATE = Pattern.compile("\\b(rate|increase)\\([a-z0-9_]+\\{[^}]*}\\[[^]]*]\\)");
    private static final Pattern LINK = Pattern.compile("/d/([^?\"]*)");
    /** Of Grafana's units those that the metrics here can have. */
    private static final Set<String> UNITS = Set.of("short", "percentunit", "s", "ops", "bytes", "bool_yes_no");

    static List<Dashboard> dashboards() throws IOException {
        return Dashboard.all();
    }

    static Stream<Dashboard.Panel> panels() throws IOException {
        return dashboards().stream().flatMap(dashboard -> dashboard.panels().stream());
    }

    static Stream<Dashboard.Target> targets() throws IOException {
        return dashboards().stream().flatMap(dashboard -> dashboard.targets().stream());
    }

    private static JsonNode variable(Dashboard dashboard, String name) {
        return dashboard.variables().stream()
                .filter(variable -> variable.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(dashboard + " has no variable " + name));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void templateDatasourceRule(Dashboard dashboard) {
        JsonNode datasource = variable(dashboard, "datasource");
        assertThat(datasource.path("type").asText()).isEqualTo("datasource");
        assertThat(datasource.path("query").asText()).isEqualTo("prometheus");
        assertThat(datasource.path("label").asText()).isEqualTo("Data source");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void templateJobAndInstanceRule(Dashboard dashboard) {
        for (String name : List.of("job", "instance", "network")) {
            JsonNode variable = variable(dashboard, name);
            assertThat(variable.path("type").asText()).isEqualTo("query");
            assertThat(variable.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            assertThat(variable.path("label").asText())
                    .isEqualTo(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
            assertThat(variable.path("multi").asBoolean()).isTrue();
            assertThat(variable.path("allValue").asText()).isEqualTo(".+");
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void templateLabelPromqlRule(Dashboard dashboard) {
        for (String name : List.of("job", "instance", "network")) {
            assertThat(variable(dashboard, name).at("/query/query").asText())
                    .isEqualTo(variable(dashboard, name).path("definition").asText())
                    .matches("label_values\\(flannelx_[a-z_]+(\\{job=~\"\\$job\"})?, " + name + "\\)");
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void templateOnTimeChangeReloadRule(Dashboard dashboard) {
        for (String name : List.of("job", "instance", "network")) {
            assertThat(variable(dashboard, name).path("refresh").asInt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void uneditableDashboard(Dashboard dashboard) {
        assertThat(dashboard.json().path("editable").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void panelDatasourceRule(Dashboard.Panel panel) {
        assertThat(panel.json().at("/datasource/uid").asText()).isEqualTo("${datasource}");
        assertThat(panel.targets())
                .extracting(target -> target.json().at("/datasource/uid").asText())
                .containsOnly("${datasource}");
    }

    @ParameterizedTest
    @MethodSource("panels")
    void panelTitleDescriptionRule(Dashboard.Panel panel) {
        assertThat(panel.title()).isNotBlank();
        assertThat(panel.json().path("description").asText()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void panelUnitsRule(Dashboard.Panel panel) {
        assertThat(panel.unit()).isIn(UNITS);
    }

    @ParameterizedTest
    @MethodSource("panels")
    void panelNoTargetsRule(Dashboard.Panel panel) {
        assertThat(panel.targets()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void targetJobAndInstanceRule(Dashboard.Target target) {
        assertThat(target.selectors())
                .isNotEmpty()
                .allSatisfy(selector ->
                        assertThat(selector.group(2)).contains("job=~\"$job\"").contains("instance=~\"$instance\""));
        assertThat(target.selectors()).as("each metric has a selector").hasSize((int)
                METRIC.matcher(target.expression()).results().count());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void targetRateIntervalRule(Dashboard.Target target) {
        assertThat(RANGE.matcher(target.expression()).results().map(range -> range.group(1)))
                .allMatch("$__rate_interval"::equals);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void targetCounterAggRule(Dashboard.Target target) {
        String withoutRates = IN_RATE.matcher(target.expression()).replaceAll("");
        assertThat(withoutRates).doesNotContain("_total").doesNotContain("_bucket");
    }

    @Test
    void panelsDoNotLieOnEachOtherAndHaveIdsOfTheirOwn() throws IOException {
        for (Dashboard dashboard : dashboards()) {
            var taken = new HashSet<String>();
            var ids = new HashSet<Integer>();
            for (JsonNode panel : dashboard.json().path("panels")) {
                assertThat(ids.add(panel.path("id").asInt()))
                        .as(panel.path("title").asText())
                        .isTrue();
                JsonNode at = panel.path("gridPos");
                assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
                for (int x = 0; x < at.path("w").asInt(); x++) {
                    for (int y = 0; y < at.path("h").asInt(); y++) {
                        String cell =
                                (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                        assertThat(taken.add(cell))
                                .as(panel.path("title").asText())
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void theDashboardsHaveTheirOwnUidsAndLinkToEachOther() throws IOException {
        var uids = dashboards().stream().map(Dashboard::uid).collect(Collectors.toSet());
        assertThat(uids).containsExactlyInAnyOrder("flannelx-overview", "flannelx-node");
        for (Dashboard dashboard : dashboards()) {
            var others = new HashSet<>(uids);
            others.remove(dashboard.uid());
            assertThat(dashboard.links())
                    .extracting(link -> link.path("url").asText().replaceAll("^/d/([^?]*).*", "$1"))
                    .containsExactlyElementsOf(others);
            assertThat(LINK.matcher(dashboard.json().toString()).results().map(link -> link.group(1)))
                    .isSubsetOf(uids);
        }
    }
}

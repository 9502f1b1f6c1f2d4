package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Panels that show how long ago an agent did something, which is told as a time stamp of 0 where it never did. */
class DashboardAgesIT {
    private static final String DID = timestamps("300x20");
    private static final String NEVER_DID = timestamps("0x20");

    @TempDir
    private Path folder;

    static Stream<Dashboard.Target> ages() throws IOException {
        return Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.targets().stream())
                .filter(target -> target.expression().matches(".*(heartbeat|sync)_timestamp_seconds.*"));
    }

    /** What a Prometheus reads from an agent that began two minutes after the epoch, and from the one before it. */
    private static String timestamps(String values) {
        return """
                  - {series: 'flannelx_heartbeat_timestamp_seconds{job="a", instance="n", pod="2"}', values: %1$s}
                  - {series: 'flannelx_api_sync_timestamp_seconds{job="a", instance="n", pod="2", network="demo"}', values: %1$s}
                  - {series: 'process_start_time_seconds{job="a", instance="n", pod="1"}', values: 60x20}
                  - {series: 'process_start_time_seconds{job="a", instance="n", pod="2"}', values: 120x20}
            """.formatted(values);
    }

    @Test
    void eachDashboardShowsTwo() throws IOException {
        assertThat(ages())
                .extracting(target -> target.panel().dashboard())
                .containsExactly("overview", "overview", "node", "node");
    }

    @ParameterizedTest
    @MethodSource("ages")
    void whatItDidIsAsOldAsThat(Dashboard.Target target) throws Exception {
        assertAge(target, DID, 600 - 300);
    }

    @ParameterizedTest
    @MethodSource("ages")
    void whatItNeverDidIsAsOldAsTheAgent(Dashboard.Target target) throws Exception {
        assertAge(target, NEVER_DID, 600 - 120);
    }

    private void assertAge(Dashboard.Target target, String series, int seconds) throws Exception {
        String expression = target.expression().replaceAll("\\$\\w+", ".+");
        String labels = expression.contains("by (network)") ? "{network=\"demo\"}" : "{}";
        Path test = Files.writeString(folder.resolve("ages.yaml"), """
                tests:
                - interval: 1m
                  input_series:
                %s
                  promql_expr_test:
                  - expr: '%s'
                    eval_time: 10m
                    exp_samples: [{labels: '%s', value: %d}]
                """.formatted(series, expression, labels, seconds));

        ToolRun run = ToolRun.of("", "promtool", "test", "rules", test.toString());
        assertThat(run.exitCode()).as(run.output()).isZero();
    }
}

package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import org.junit.jupiter.api.Test;

class MetricNamesIT {
    @Test
    void promtoolHasNothingToSayAboutThem() throws Exception {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        EveryMetric.in(registry.meters());

        assertThat(ToolRun.of(registry.text(), "promtool", "check", "metrics")).isEqualTo(new ToolRun(0, ""));
    }

    @Test
    void promtoolSpeaksUpWhereANameIsWrong() throws Exception {
        String wrong = "# HELP flannelx_hooks Hooks.\n# TYPE flannelx_hooks counter\nflannelx_hooks 1\n";

        ToolRun run = ToolRun.of(wrong, "promtool", "check", "metrics");
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output()).contains("_total");
    }
}

package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
    private final ScrapedRegistry registry = new ScrapedRegistry(new MockClock());
    private final OperatorMetrics operator = new OperatorMetrics(registry.meters(), "1.2.3");

    @Test
    void showsTheLatestFiguresOfEachNetwork() {
        operator.leading(true);
        operator.network("demo", new NetworkFigures(0, 254, 0, 0, 0, false));
        operator.network("demo", new NetworkFigures(200, 254, 210, 199, 150, true));
        operator.network("other", new NetworkFigures(1, 30, 1, 1, 1, false));

        assertThat(registry.scrape().series())
                .containsEntry("flannelx_subnets_allocated{network=\"demo\"}", 200.0)
                .containsEntry("flannelx_subnets_capacity{network=\"demo\"}", 254.0)
                .containsEntry("flannelx_nodes{network=\"demo\",state=\"total\"}", 210.0)
                .containsEntry("flannelx_nodes{network=\"demo\",state=\"ready\"}", 199.0)
                .containsEntry("flannelx_nodes{network=\"demo\",state=\"updated\"}", 150.0)
                .containsEntry("flannelx_rollout_halted{network=\"demo\"}", 1.0)
                .containsEntry("flannelx_rollout_halted{network=\"other\"}", 0.0)
                .containsEntry("flannelx_leader", 1.0)
                .containsEntry("flannelx_build_info{version=\"1.2.3\"}", 1.0);
    }

    @Test
    void forgetsANetworkThatIsGone() {
        operator.leading(true);
        operator.network("demo", new NetworkFigures(1, 2, 1, 1, 1, false));
        operator.network("other", new NetworkFigures(1, 2, 1, 1, 1, false));
        operator.gone("demo");

        assertThat(registry.scrape().of("flannelx_subnets_allocated"))
                .containsExactly("flannelx_subnets_allocated{network=\"other\"}");
    }

    @Test
    void onlyTheReplicaThatLeadsHasFiguresOfNetworks() {
        operator.network("demo", new NetworkFigures(1, 2, 1, 1, 1, false));
        assertThat(registry.scrape().of("flannelx_subnets_allocated")).isEmpty();

        operator.leading(true);
        operator.network("demo", new NetworkFigures(1, 2, 1, 1, 1, false));
        assertThat(registry.scrape().of("flannelx_subnets_allocated")).hasSize(1);

        operator.leading(false);
        assertThat(registry.scrape().series().keySet())
                .containsExactlyInAnyOrder("flannelx_leader", "flannelx_build_info{version=\"1.2.3\"}");
        assertThat(registry.scrape().value("flannelx_leader")).isZero();
    }
}

package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The names are a contract with everybody's dashboards and alerts. */
class MetricNamesTest {
    @Test
    void exportsTheseAndNoOthers() {
        var registry = new ScrapedRegistry(Clock.SYSTEM);
        EveryMetric.in(registry.meters());

        var expected = new TreeMap<>(Map.of(
                "flannelx_build_info", "gauge",
                "flannelx_hook_duration_seconds", "histogram",
                "flannelx_hook_failures_total", "counter",
                "flannelx_hook_retries_total", "counter",
                "flannelx_hook_abandoned_total", "counter",
                "flannelx_convergence_seconds", "histogram",
                "flannelx_peers", "gauge",
                "flannelx_queue_depth", "gauge",
                "flannelx_queue_oldest_seconds", "gauge"));
        expected.putAll(Map.of(
                "flannelx_network_ready", "gauge",
                "flannelx_network_reason", "gauge",
                "flannelx_heartbeats_total", "counter",
                "flannelx_heartbeat_timestamp_seconds", "gauge",
                "flannelx_api_sync_timestamp_seconds", "gauge",
                "flannelx_lease_acquired_timestamp_seconds", "gauge",
                "flannelx_allocation_conflicts_total", "counter"));
        expected.putAll(Map.of(
                "flannelx_subnets_allocated", "gauge",
                "flannelx_subnets_capacity", "gauge",
                "flannelx_nodes", "gauge",
                "flannelx_rollout_halted", "gauge",
                "flannelx_leader", "gauge"));
        // Micrometer adds the longest of the last minutes to each histogram.
        expected.put("flannelx_hook_duration_seconds_max", "gauge");
        expected.put("flannelx_convergence_seconds_max", "gauge");
        assertThat(registry.scrape().types()).isEqualTo(expected);
    }
}

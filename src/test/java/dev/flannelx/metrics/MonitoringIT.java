package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Prometheus reads the real agent, and is asked what dashboards and alerts ask. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {
    /** What each alert's expression gives in this cluster: instance and network, as far as the alert has them. */
    private static final Map<String, Set<String>> WRONG = Map.of(
            "FlannelxHookFailing", Set.of("node1 demo", "node1 garbled", "node1 homeless"),
            "FlannelxHookSetAside", Set.of("node1 demo"),
            "FlannelxPeersNotApplied", Set.of("node1 demo"),
            "FlannelxAgentWithoutHeartbeat", Set.of("node2 "),
            "FlannelxAgentDown", Set.of("node3 "),
            "FlannelxSubnetLost", Set.of("node1 stolen"),
            "FlannelxAgentNotSynced", Set.of("node2 demo"),
            "FlannelxPoolAlmostFull", Set.of(" demo"),
            "FlannelxRolloutHalted", Set.of(" demo"),
            "FlannelxNoLeader", Set.of(" "));

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    private MonitoredCluster cluster;
    private PrometheusServer prometheus;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        cluster = new MonitoredCluster(folder);
        prometheus = cluster.prometheus;
        cluster.run();
        cluster.removeWhatClings();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
    }

    static Stream<Dashboard.Target> targets() throws IOException {
        return Dashboard.all().stream().flatMap(dashboard -> dashboard.targets().stream());
    }

    static List<AlertRules.Alert> alerts() throws IOException {
        return AlertRules.read().alerts();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyPanelHasSomethingToShow(Dashboard.Target target) {
        String expression = target.expression()
                .replace("$__rate_interval", "5m")
                .replace("$job", ".+")
                .replace("$instance", target.panel().dashboard().equals("node") ? "node1" : ".+")
                .replace("$network", ".+");
        eventually(() -> assertThat(prometheus.query(expression))
                .extracting(PrometheusServer.Sample::value)
                .as(expression)
                .anyMatch(Double::isFinite));
    }

    @Test
    void everyVariableHasSomethingToChoose() throws IOException {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode variable : dashboard.variables()) {
                var query = LABEL_VALUES.matcher(variable.at("/query/query").asText());
                if (query.matches()) {
                    String selector = query.group(1).replace("$job", ".+");
                    eventually(() -> assertThat(prometheus.query(selector))
                            .as(selector)
                            .isNotEmpty()
                            .noneMatch(sample -> sample.label(query.group(2)).isEmpty()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertFindsWhatIsWrongAndNothingElse(AlertRules.Alert alert) {
        boolean early = alert.name().equals("FlannelxNoLeader");
        eventually(() -> assertThat((early
                                ? prometheus.query(alert.expression(), cluster.leaderless())
                                : prometheus.query(alert.expression()))
                        .stream()
                                .map(sample -> sample.label("instance") + " " + sample.label("network"))
                                .collect(Collectors.toSet()))
                .isEqualTo(WRONG.get(alert.name())));
    }

    @Test
    void prometheusItselfEvaluatesTheAlerts() {
        eventually(() -> {
            var states = new HashMap<String, String>();
            for (JsonNode group : prometheus.rules()) {
                for (JsonNode rule : group.path("rules")) {
                    assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
                    states.put(rule.path("name").asText(), rule.path("state").asText());
                }
            }
            assertThat(states)
                    .containsOnlyKeys(WRONG.keySet())
                    .containsEntry("FlannelxHookSetAside", "firing")
                    .containsEntry("FlannelxPeersNotApplied", "pending")
                    .containsEntry("FlannelxNoLeader", "inactive");
        });
    }

    @Test
    void thePeersAreCountedAsTheyAre() {
        eventually(() -> assertThat(byLabel("flannelx_peers{network='demo'}", "state"))
                .isEqualTo(Map.of("desired", 5.0, "applied", 2.0, "failing", 3.0)));
    }

    @Test
    void everyHookThatRanIsCountedWithTheResultItHad() throws Exception {
        cluster.demo.stop();
        Map<String, Double> ran = cluster.ranByTheirOwnWord();
        assertThat(ran)
                .containsEntry("preStartup success", 1.0)
                .containsEntry("postStartup success", 1.0)
                .containsEntry("subnetRemove exit", 5.0)
                .containsKeys("subnetAdd exit", "subnetAdd timeout", "subnetAdd signal", "subnetCheck success");

        eventually(() -> {
            var counted = new TreeMap<String, Double>();
            for (var sample :
                    prometheus.query("flannelx_hook_duration_seconds_count{network='demo', result='success'}")) {
                counted.put(sample.label("hook") + " success", sample.value());
            }
            for (var sample : prometheus.query("flannelx_hook_failures_total{network='demo'} > 0")) {
                counted.put(sample.label("hook") + " " + sample.label("reason"), sample.value());
            }
            assertThat(counted).isEqualTo(ran);
        });
        String inTime = "sum(flannelx_hook_duration_seconds_count{network='demo', result='%s'})";
        String failures = "sum(flannelx_hook_failures_total{network='demo', reason%s'timeout'})";
        assertThat(value(inTime.formatted("timeout"))).isEqualTo(value(failures.formatted("=")));
        assertThat(value(inTime.formatted("failure"))).isEqualTo(value(failures.formatted("!=")));
    }

    @Test
    void aHookThatTimesOutIsTimedAsLongAsItRan() throws Exception {
        String timeouts = "flannelx_hook_duration_seconds_bucket{network='demo', result='timeout', le='%s'}";
        eventually(() -> assertThat(value(timeouts.formatted("5.0"))).isPositive());
        assertThat(value(timeouts.formatted("2.5"))).isZero();
    }

    @Test
    void whatIsRetriedGivenUpOrTakenByAnotherIsCounted() {
        eventually(() -> {
            assertThat(value("flannelx_hook_retries_total{instance='node1', network='demo', hook='subnetAdd'}"))
                    .isPositive();
            assertThat(value("flannelx_hook_abandoned_total{instance='node1', network='demo', hook='subnetRemove'}"))
                    .isEqualTo(1);
            assertThat(value("flannelx_convergence_seconds_count{instance='node1', network='demo'}"))
                    .isEqualTo(3);
            assertThat(value("flannelx_allocation_conflicts_total{network='stolen'}"))
                    .isPositive();
            assertThat(value("flannelx_allocation_conflicts_total{instance='node1', network='demo'}"))
                    .isZero();
            assertThat(value("flannelx_hook_failures_total{network='garbled', hook='preStartup', reason='output'}"))
                    .isPositive();
            assertThat(value("flannelx_hook_failures_total{network='homeless', hook='preStartup', reason='spawn'}"))
                    .isPositive();
        });
    }

    @Test
    void eachNetworkSaysWhetherItIsReadyAndWhyNot() {
        eventually(() -> {
            assertThat(byLabel("flannelx_network_ready{instance='node1'}", "network"))
                    .isEqualTo(Map.of("demo", 1.0, "garbled", 0.0, "homeless", 0.0, "stolen", 0.0));
            assertThat(prometheus.query("flannelx_network_reason"))
                    .extracting(sample -> sample.label("network") + " " + sample.label("reason"))
                    .containsExactlyInAnyOrder(
                            "demo PeersFailing",
                            "garbled StartupFailing",
                            "homeless StartupFailing",
                            "stolen SubnetLost");
        });
    }

    @Test
    void momentsAreSecondsOfTheWallClock() {
        double start = cluster.start.toEpochMilli() / 1e3;
        eventually(() -> {
            for (String moment : List.of("lease_acquired", "api_sync")) {
                assertThat(value("flannelx_" + moment + "_timestamp_seconds{instance='node1', network='demo'}"))
                        .isBetween(start, Instant.now().toEpochMilli() / 1e3);
            }
            assertThat(value("flannelx_heartbeat_timestamp_seconds{instance='node2'}"))
                    .isEqualTo(start - 4 * 3600);
            assertThat(byLabel("flannelx_heartbeats_total{instance='node1'}", "result"))
                    .isEqualTo(Map.of("success", 1.0, "failure", 1.0));
        });
    }

    @Test
    void theOperatorsFiguresArrive() {
        eventually(() -> {
            assertThat(byLabel("flannelx_nodes{job='flannelx-operator', network='demo'}", "state"))
                    .isEqualTo(Map.of("total", 8.0, "ready", 5.0, "updated", 4.0));
            assertThat(value("flannelx_subnets_allocated")).isEqualTo(240);
            assertThat(value("flannelx_subnets_capacity")).isEqualTo(254);
            assertThat(value("flannelx_rollout_halted")).isEqualTo(1);
            assertThat(value("flannelx_leader")).isEqualTo(1);
            assertThat(value("flannelx_build_info{job='flannelx-operator', version='1.2.3'}"))
                    .isEqualTo(1);
        });
    }

    @Test
    void aNetworkThatGoesIsGoneAtTheNextScrape() {
        NetworkMetrics leaving = cluster.metricsOfNode1().network("leaving");
        eventually(() -> assertThat(prometheus.query("{network='leaving'}")).isNotEmpty());
        leaving.close();
        eventually(() -> assertThat(prometheus.query("{network='leaving'}")).isEmpty());
    }

    private double value(String query) throws IOException, InterruptedException {
        return assertThat(prometheus.query(query))
                .as(query)
                .singleElement()
                .actual()
                .value();
    }

    private Map<String, Double> byLabel(String query, String label) throws IOException, InterruptedException {
        return prometheus.query(query).stream()
                .collect(Collectors.toMap(sample -> sample.label(label), PrometheusServer.Sample::value));
    }
}

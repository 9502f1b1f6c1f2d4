package dev.flannelx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.QueueState;
import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentMetricsTest {
    private static final Subnet SUBNET = new Subnet(Cidr.parse("10.0.7.0/24").orElseThrow(), null);
    private static final Local LOCAL = new Local("node1", PublicAddress.NONE, SUBNET);
    private static final Peer PEER = new Peer(SUBNET, PublicAddress.NONE, "node2", "");

    private final MockClock clock = new MockClock();
    private final ScrapedRegistry registry = new ScrapedRegistry(clock);
    private final AgentMetrics agent = new AgentMetrics(registry.meters(), "1.2.3");
    private final NetworkMetrics demo = agent.network("demo");
    private NetworkStatus status = status("", new NetworkStatus.Peers(0, 0, 0, 0), false);
    private QueueState queue = QueueState.EMPTY;
    private int reads;

    private Exposition scrape() {
        clock.add(Duration.ofSeconds(1));
        return registry.scrape();
    }

    private void watch() {
        demo.watch(
                () -> {
                    reads++;
                    return status;
                },
                () -> queue);
    }

    private static NetworkStatus status(String reason, NetworkStatus.Peers peers, boolean ready) {
        return new NetworkStatus("demo", Phase.ACTIVE, 1, SUBNET, ready, reason, "", peers, List.of());
    }

    private static HookInvocation invocation(Hook hook) {
        return new HookInvocation.ForPeer(hook, "true", LOCAL, PEER);
    }

    private static HookOutcome outcome(String kind) {
        Duration took = Duration.ofMillis(30);
        return switch (kind) {
            case "success" -> new HookOutcome.Succeeded("", "", took);
            case "exit" -> new HookOutcome.Exited(1, "", took);
            case "timeout" -> new HookOutcome.TimedOut(took, "", took);
            case "signal" -> new HookOutcome.Signalled(9, "", took);
            case "output" -> new HookOutcome.BadOutput("", "", took);
            case "spawn" -> new HookOutcome.NotStarted("", took);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "success, success",
        "exit, failure",
        "timeout, timeout",
        "signal, failure",
        "output, failure",
        "spawn, failure"
    })
    void timesHooksByResultAndCountsFailuresByReason(String kind, String result) {
        demo.hookFinished(invocation(Hook.SUBNET_ADD), outcome(kind), 1);

        Exposition seen = scrape();
        String labels = "hook=\"subnetAdd\",network=\"demo\",result=\"" + result + "\"";
        assertThat(seen.of("flannelx_hook_duration_seconds_count"))
                .containsExactly("flannelx_hook_duration_seconds_count{" + labels + "}");
        assertThat(seen.value("flannelx_hook_duration_seconds_count{" + labels + "}"))
                .isEqualTo(1);
        assertThat(seen.value("flannelx_hook_duration_seconds_sum{" + labels + "}"))
                .isEqualTo(0.03);
        for (String reason : List.of("exit", "timeout", "signal", "output", "spawn")) {
            assertThat(seen.value("flannelx_hook_failures_total{hook=\"subnetAdd\",network=\"demo\",reason=\"" + reason
                            + "\"}"))
                    .as(reason)
                    .isEqualTo(reason.equals(kind) ? 1 : 0);
        }
    }

    @Test
    void countsWhatWasTriedBeforeAsRetryAndWhatWasGivenUpAsAbandoned() {
        demo.hookFinished(invocation(Hook.SUBNET_REMOVE), outcome("exit"), 1);
        demo.hookFinished(invocation(Hook.SUBNET_REMOVE), outcome("exit"), 2);
        demo.hookFinished(invocation(Hook.SUBNET_REMOVE), outcome("exit"), 3);
        demo.hookAbandoned(invocation(Hook.SUBNET_REMOVE), 3);

        assertThat(scrape().series())
                .containsEntry("flannelx_hook_retries_total{hook=\"subnetRemove\",network=\"demo\"}", 2.0)
                .containsEntry("flannelx_hook_abandoned_total{hook=\"subnetRemove\",network=\"demo\"}", 1.0)
                .containsEntry("flannelx_hook_retries_total{hook=\"subnetAdd\",network=\"demo\"}", 0.0);
    }

    @Test
    void putsHooksIntoBucketsFromAMillisecondToAMinute() {
        demo.hookFinished(invocation(Hook.SUBNET_CHECK), outcome("success"), 1);

        assertThat(scrape().of("flannelx_hook_duration_seconds_bucket"))
                .extracting(key -> key.replaceAll(".*le=\"([^\"]*)\".*", "$1"))
                .containsExactlyInAnyOrder(
                        "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0",
                        "10.0", "30.0", "60.0", "+Inf");
    }

    @Test
    void showsPeersReadinessAndQueueAsTheyAreAtTheScrape() {
        watch();
        status = status("", new NetworkStatus.Peers(7, 5, 2, 0), true);
        queue = new QueueState(3, Duration.ofMillis(1500));

        assertThat(scrape().series())
                .containsEntry("flannelx_peers{network=\"demo\",state=\"desired\"}", 7.0)
                .containsEntry("flannelx_peers{network=\"demo\",state=\"applied\"}", 5.0)
                .containsEntry("flannelx_peers{network=\"demo\",state=\"failing\"}", 2.0)
                .containsEntry("flannelx_network_ready{network=\"demo\"}", 1.0)
                .containsEntry("flannelx_queue_depth{network=\"demo\"}", 3.0)
                .containsEntry("flannelx_queue_oldest_seconds{network=\"demo\"}", 1.5);
        assertThat(reads).as("readings of the status in one scrape").isEqualTo(1);
    }

    @Test
    void showsTheCurrentReasonOnly() {
        watch();
        status = status("PeersFailing", NetworkStatus.Peers.NONE, true);
        agent.refresh();
        assertThat(scrape().of("flannelx_network_reason"))
                .containsExactly("flannelx_network_reason{network=\"demo\",reason=\"PeersFailing\"}");

        status = status("SubnetLost", NetworkStatus.Peers.NONE, false);
        agent.refresh();
        assertThat(scrape().of("flannelx_network_reason"))
                .containsExactly("flannelx_network_reason{network=\"demo\",reason=\"SubnetLost\"}");

        status = status("", NetworkStatus.Peers.NONE, true);
        agent.refresh();
        assertThat(scrape().of("flannelx_network_reason")).isEmpty();
    }

    @Test
    void measuresConvergenceConflictsAndSync() {
        demo.converged(PEER, Duration.ofMillis(400));
        demo.allocationConflict(SUBNET);
        demo.synced(Instant.ofEpochMilli(1_700_000_000_250L));

        assertThat(scrape().series())
                .containsEntry("flannelx_convergence_seconds_count{network=\"demo\"}", 1.0)
                .containsEntry("flannelx_convergence_seconds_bucket{le=\"0.25\",network=\"demo\"}", 0.0)
                .containsEntry("flannelx_convergence_seconds_bucket{le=\"0.5\",network=\"demo\"}", 1.0)
                .containsEntry("flannelx_allocation_conflicts_total{network=\"demo\"}", 1.0)
                .containsEntry("flannelx_api_sync_timestamp_seconds{network=\"demo\"}", 1_700_000_000.25);
    }

    @Test
    void knowsSinceWhenTheLeaseIsHeldForAsLongAsItIs() {
        String acquired = "flannelx_lease_acquired_timestamp_seconds{network=\"demo\"}";
        assertThat(scrape().value(acquired)).isNull();

        demo.leaseAcquired(lease(1_700_000_000));
        assertThat(scrape().value(acquired)).isEqualTo(1.7e9);

        demo.leaseLost(SUBNET, "gone");
        assertThat(scrape().value(acquired)).isNull();

        demo.leaseAcquired(lease(1_700_000_100));
        assertThat(scrape().value(acquired)).isEqualTo(1.7000001e9);
    }

    private static Lease lease(long acquired) {
        Instant at = Instant.ofEpochSecond(acquired);
        return new Lease("demo", "node1", "uid", SUBNET, PublicAddress.NONE, "extension", "", at, at, false);
    }

    @Test
    void countsHeartbeatsAndKeepsTheTimeOfTheLastThatArrived() {
        agent.heartbeat(true, Instant.ofEpochSecond(1_700_000_000));
        agent.heartbeat(false, Instant.ofEpochSecond(1_700_003_600));

        assertThat(scrape().series())
                .containsEntry("flannelx_heartbeats_total{result=\"success\"}", 1.0)
                .containsEntry("flannelx_heartbeats_total{result=\"failure\"}", 1.0)
                .containsEntry("flannelx_heartbeat_timestamp_seconds", 1.7e9)
                .containsEntry("flannelx_build_info{version=\"1.2.3\"}", 1.0);
    }

    @Test
    void takesTheSeriesOfANetworkAwayWithItAndLeavesTheOthers() {
        NetworkMetrics other = agent.network("other");
        other.watch(() -> status, () -> queue);
        watch();
        status = status("PeersFailing", NetworkStatus.Peers.NONE, true);
        demo.hookFinished(invocation(Hook.SUBNET_ADD), outcome("exit"), 1);
        demo.leaseAcquired(lease(1));
        agent.refresh();
        long ofOther = ofNetwork("other");

        demo.close();
        demo.hookFinished(invocation(Hook.SHUTDOWN), outcome("success"), 1);
        demo.leaseAcquired(lease(2));
        demo.refresh();

        assertThat(ofNetwork("demo")).isZero();
        assertThat(ofNetwork("other")).isEqualTo(ofOther).isPositive();
    }

    @Test
    void aNetworkThatComesBackStartsAtZeroWhateverIsClosedLater() {
        demo.allocationConflict(SUBNET);
        NetworkMetrics again = agent.network("demo");
        demo.close();
        again.allocationConflict(SUBNET);

        assertThat(scrape().series()).containsEntry("flannelx_allocation_conflicts_total{network=\"demo\"}", 1.0);
    }

    @Test
    void leavesNothingBehind() {
        watch();
        agent.network("other");
        agent.close();

        assertThat(scrape().series()).isEmpty();
    }

    private long ofNetwork(String network) {
        return scrape().series().keySet().stream()
                .filter(key -> key.contains("network=\"" + network + "\""))
                .count();
    }
}

package dev.flannelx.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every metric that flannelx exports: name, unit, description and labels. No label ever holds a peer or a subnet, so that
 * the number of series does not grow with the cluster.
 *
 * <p>Names are Micrometer's; Prometheus gets them with underscores, {@code _total} behind a counter and the unit behind
 * what has one: {@link #HOOK_DURATION} is {@code flannelx_hook_duration_seconds}.
 */
enum Metric {
    BUILD_INFO("build.info", null, "1, with the version that runs here.", "version"),

    HOOK_DURATION("hook.duration", Units.SECONDS, "How long hooks ran.", "network", "hook", "result"),
    HOOK_FAILURES("hook.failures", null, "Hooks that failed.", "network", "hook", "reason"),
    HOOK_RETRIES("hook.retries", null, "Hooks that ran because the same had failed before.", "network", "hook"),
    HOOK_ABANDONED("hook.abandoned", null, "Removes and shutdowns set aside after failing.", "network", "hook"),
    CONVERGENCE(
            "convergence",
            Units.SECONDS,
            "From a peer's lease being seen as it is to the peer being applied.",
            "network"),

    PEERS("peers", null, "Peers: desired by the leases, applied, failing.", "network", "state"),
    QUEUE_DEPTH("queue.depth", null, "Peers that are due and wait for a hook, checks not counted.", "network"),
    QUEUE_OLDEST("queue.oldest", Units.SECONDS, "For how long the first of them has been due.", "network"),
    NETWORK_READY("network.ready", null, "1 where this node is ready in the network.", "network"),
    NETWORK_REASON("network.reason", null, "1, with what is out of the ordinary here.", "network", "reason"),

    HEARTBEATS("heartbeats", null, "Writes of this node's FlannelNode status.", "result"),
    HEARTBEAT_TIMESTAMP("heartbeat.timestamp", Units.SECONDS, "When the last such write succeeded; 0 before any."),
    API_SYNC_TIMESTAMP(
            "api.sync.timestamp", Units.SECONDS, "When the leases were last known completely; 0 before.", "network"),
    LEASE_ACQUIRED_TIMESTAMP(
            "lease.acquired.timestamp", Units.SECONDS, "When this node took the subnet that it holds.", "network"),
    ALLOCATION_CONFLICTS(
            "allocation.conflicts", null, "Subnets that another node had taken at the moment of the claim.", "network"),

    SUBNETS_ALLOCATED("subnets.allocated", null, "Subnets that nodes have.", "network"),
    SUBNETS_CAPACITY("subnets.capacity", null, "Subnets that there are to hand out.", "network"),
    NODES("nodes", null, "Nodes: total that are to join, ready, updated to the latest spec.", "network", "state"),
    ROLLOUT_HALTED("rollout.halted", null, "1 where a roll-out stopped at a node that did not get ready.", "network"),
    LEADER("leader", null, "1 where this replica of the operator leads.");

    /** Hooks take from a millisecond (a builtin of the shell) to a minute (twice the default timeout). */
    static final List<Duration> HOOK_BUCKETS =
            millis(1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);

    /** Convergence takes a hook at best, and several retries with the longest pause between them at worst. */
    static final List<Duration> CONVERGENCE_BUCKETS = millis(
            5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000);

    private final String meter;
    private final @Nullable String unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    Metric(String name, @Nullable String unit, String description, String... labels) {
        this.meter = "flannelx." + name;
        this.unit = unit;
        this.description = description;
        this.labels = List.of(labels);
    }

    Counter counter(MeterRegistry registry, String... labelValues) {
        return Counter.builder(meter)
                .description(description)
                .baseUnit(unit)
                .tags(tags(labelValues))
                .register(registry);
    }

    Gauge gauge(MeterRegistry registry, Supplier<Number> value, String... labelValues) {
        return Gauge.builder(meter, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags(labelValues))
                .register(registry);
    }

    Timer timer(MeterRegistry registry, List<Duration> buckets, String... labelValues) {
        return Timer.builder(meter)
                .description(description)
                .serviceLevelObjectives(buckets.toArray(Duration[]::new))
                .tags(tags(labelValues))
                .register(registry);
    }

    private Tags tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(this + " has the labels " + labels + ", not " + values.length);
        }
        var tags = new ArrayList<Tag>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(labels.get(i), values[i]));
        }
        return Tags.of(tags);
    }

    private static List<Duration> millis(double... values) {
        var buckets = new ArrayList<Duration>();
        for (double value : values) {
            buckets.add(Duration.ofNanos(Math.round(value * 1_000_000)));
        }
        return List.copyOf(buckets);
    }

    /** Apart, since an enum's constants cannot refer to its own fields. */
    private static final class Units {
        private static final String SECONDS = "seconds";
    }
}

package dev.flannelx.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is measured of an agent: its heartbeat, and each of its networks. Thread-safe. */
public final class AgentMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final Series series;
    private final Counter heartbeats;
    private final Counter failedHeartbeats;
    private final Map<String, NetworkMetrics> networks = new ConcurrentHashMap<>();
    private volatile double heartbeatAt;

    /** @param version of the program, for {@code flannelx_build_info} */
    public AgentMetrics(MeterRegistry registry, String version) {
        this.registry = registry;
        series = new Series(registry);
        series.gauge(Metric.BUILD_INFO, () -> 1, version);
        heartbeats = series.counter(Metric.HEARTBEATS, HookResult.SUCCESS.label());
        failedHeartbeats = series.counter(Metric.HEARTBEATS, HookResult.FAILURE.label());
        series.gauge(Metric.HEARTBEAT_TIMESTAMP, () -> heartbeatAt);
    }

    /** The FlannelNode's status was to be written, and was, or could not be; {@code at} by the wall clock. */
    public void heartbeat(boolean ok, Instant at) {
        if (ok) {
            heartbeatAt = at.toEpochMilli() / 1e3;
            heartbeats.increment();
        } else {
            failedHeartbeats.increment();
        }
    }

    /**
     * The metrics of a network that the agent takes up, to be closed when it goes. There is one of each network: an
     * earlier one that is still open is closed.
     */
    public synchronized NetworkMetrics network(String name) {
        NetworkMetrics former = networks.get(name);
        if (former != null) {
            former.close();
        }
        var metrics = new NetworkMetrics(name, registry, closed -> networks.remove(name, closed));
        networks.put(name, metrics);
        return metrics;
    }

    /** {@link NetworkMetrics#refresh} for all of them. */
    public void refresh() {
        networks.values().forEach(NetworkMetrics::refresh);
    }

    @Override
    public void close() {
        List.copyOf(networks.values()).forEach(NetworkMetrics::close);
        series.close();
    }
}

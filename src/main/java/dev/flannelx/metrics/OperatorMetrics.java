package dev.flannelx.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is measured of an operator. Only the replica that leads has figures of networks: those of another would be old.
 * Thread-safe.
 */
public final class OperatorMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final Series own;
    private final Map<String, Shown> networks = new HashMap<>();
    private volatile boolean leads;

    /** @param version of the program, for {@code flannelx_build_info} */
    public OperatorMetrics(MeterRegistry registry, String version) {
        this.registry = registry;
        own = new Series(registry);
        own.gauge(Metric.BUILD_INFO, () -> 1, version);
        own.gauge(Metric.LEADER, () -> leads ? 1 : 0);
    }

    /** Whether this replica leads from now on; one that does not takes the networks' series away. */
    public synchronized void leading(boolean leading) {
        leads = leading;
        if (!leading) {
            forgetNetworks();
        }
    }

    /** The latest figures of a network; without effect where this replica does not lead. */
    public synchronized void network(String name, NetworkFigures figures) {
        if (leads) {
            networks.computeIfAbsent(name, key -> new Shown(key, new Series(registry), figures)).figures = figures;
        }
    }

    /** The network is gone, and its series with it. */
    public synchronized void gone(String name) {
        Shown shown = networks.remove(name);
        if (shown != null) {
            shown.series.close();
        }
    }

    @Override
    public synchronized void close() {
        forgetNetworks();
        own.close();
    }

    private void forgetNetworks() {
        List.copyOf(networks.keySet()).forEach(this::gone);
    }

    /** The series of one network, and what they show. */
    private static final class Shown {
        private final String network;
        private final Series series;
        private volatile NetworkFigures figures;

        Shown(String network, Series series, NetworkFigures figures) {
            this.network = network;
            this.series = series;
            this.figures = figures;
            gauge(Metric.SUBNETS_ALLOCATED, NetworkFigures::subnetsAllocated);
            gauge(Metric.SUBNETS_CAPACITY, NetworkFigures::subnetsCapacity);
            gauge(Metric.NODES, NetworkFigures::nodesTotal, "total");
            gauge(Metric.NODES, NetworkFigures::nodesReady, "ready");
            gauge(Metric.NODES, NetworkFigures::nodesUpdated, "updated");
            gauge(Metric.ROLLOUT_HALTED, now -> now.rolloutHalted() ? 1 : 0);
        }

        private void gauge(Metric metric, Function<NetworkFigures, Number> value) {
            series.gauge(metric, () -> value.apply(figures), network);
        }

        private void gauge(Metric metric, Function<NetworkFigures, Number> value, String state) {
            series.gauge(metric, () -> value.apply(figures), network, state);
        }
    }
}

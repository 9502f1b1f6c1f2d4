package dev.flannelx.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The series of one owner, which go with it. Thread-safe. */
final class Series implements AutoCloseable {
    private final MeterRegistry registry;
    private final Set<Meter> meters = new HashSet<>();
    private MeterRegistry target;

    Series(MeterRegistry registry) {
        this.registry = registry;
        this.target = registry;
    }

    synchronized Counter counter(Metric metric, String... labelValues) {
        return kept(metric.counter(target, labelValues));
    }

    synchronized Gauge gauge(Metric metric, Supplier<Number> value, String... labelValues) {
        return kept(metric.gauge(target, value, labelValues));
    }

    synchronized Timer timer(Metric metric, List<Duration> buckets, String... labelValues) {
        return kept(metric.timer(target, buckets, labelValues));
    }

    synchronized void remove(Meter meter) {
        if (meters.remove(meter)) {
            registry.remove(meter);
        }
    }

    /** Takes all of them away. What is registered from now on goes nowhere: events may still be on their way. */
    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
        meters.clear();
        target = new CompositeMeterRegistry();
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }
}

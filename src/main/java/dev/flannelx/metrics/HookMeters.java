package dev.flannelx.metrics;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is counted of one hook of one network. Counters are there, at 0, from the start: of one that appears at 1, a rate
 * never shows the first failure. The histograms come with the first run, since most of them never have one.
 */
final class HookMeters {
    private final Series series;
    private final String network;
    private final String hook;
    private final Map<HookResult, Timer> durations = new ConcurrentHashMap<>();
    private final Map<FailureReason, Counter> failures = new EnumMap<>(FailureReason.class);
    private final Counter retries;
    private final Counter abandoned;

    HookMeters(Series series, String network, Hook hook) {
        this.series = series;
        this.network = network;
        this.hook = hook.text();
        for (FailureReason reason : FailureReason.values()) {
            failures.put(reason, series.counter(Metric.HOOK_FAILURES, network, this.hook, reason.label()));
        }
        retries = series.counter(Metric.HOOK_RETRIES, network, this.hook);
        abandoned = series.counter(Metric.HOOK_ABANDONED, network, this.hook);
    }

    void finished(HookOutcome outcome, int attempt) {
        var failure = FailureReason.of(outcome);
        durations.computeIfAbsent(HookResult.of(failure), this::timer).record(outcome.duration());
        failure.map(failures::get).ifPresent(Counter::increment);
        if (attempt > 1) {
            retries.increment();
        }
    }

    void abandoned() {
        abandoned.increment();
    }

    private Timer timer(HookResult result) {
        return series.timer(Metric.HOOK_DURATION, Metric.HOOK_BUCKETS, network, hook, result.label());
    }
}

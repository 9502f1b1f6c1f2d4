package dev.flannelx.metrics;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.QueueState;
import dev.flannelx.reconcile.ReconcileObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one network on this node. It hears of hooks, peers and leases as an observer; counts of peers and
 * the queue it asks for when it is scraped. Thread-safe; closing it takes its series away.
 */
public final class NetworkMetrics implements ReconcileObserver, AutoCloseable {
    private final String network;
    private final MeterRegistry registry;
    private final Consumer<NetworkMetrics> whenClosed;
    private final Series series;
    private final Map<Hook, HookMeters> hooks = new EnumMap<>(Hook.class);
    private final Timer convergence;
    private final Counter conflicts;
    private volatile double syncedAt;
    private volatile double acquiredAt;
    private volatile @Nullable Recent<NetworkStatus> status;
    private @Nullable Gauge acquired;
    private @Nullable Gauge reason;
    private String shownReason = "";

    NetworkMetrics(String network, MeterRegistry registry, Consumer<NetworkMetrics> whenClosed) {
        this.network = network;
        this.registry = registry;
        this.whenClosed = whenClosed;
        series = new Series(registry);
        for (Hook hook : Hook.values()) {
            hooks.put(hook, new HookMeters(series, network, hook));
        }
        convergence = series.timer(Metric.CONVERGENCE, Metric.CONVERGENCE_BUCKETS, network);
        conflicts = series.counter(Metric.ALLOCATION_CONFLICTS, network);
        series.gauge(Metric.API_SYNC_TIMESTAMP, () -> syncedAt, network);
    }

    /**
     * Exports where the node stands from now on. To be called once.
     *
     * @param statusSource asked at each scrape and {@link #refresh}; may lock, but not what {@link #close} is called under
     */
    public void watch(Supplier<NetworkStatus> statusSource, Supplier<QueueState> queueSource) {
        var recentStatus =
                new Recent<>(() -> shown(statusSource.get()), registry.config().clock());
        var recentQueue = new Recent<>(queueSource, registry.config().clock());
        peers("desired", recentStatus, NetworkStatus.Peers::desired);
        peers("applied", recentStatus, NetworkStatus.Peers::applied);
        peers("failing", recentStatus, NetworkStatus.Peers::failing);
        series.gauge(Metric.NETWORK_READY, () -> recentStatus.get().ready() ? 1 : 0, network);
        series.gauge(Metric.QUEUE_DEPTH, () -> recentQueue.get().depth(), network);
        series.gauge(Metric.QUEUE_OLDEST, () -> seconds(recentQueue.get().oldest()), network);
        status = recentStatus;
    }

    /**
     * Brings {@code flannelx_network_reason} up to date, whose series come and go. To be called every second or so; a
     * scrape does it too, but may show what was true at the one before.
     */
    public void refresh() {
        Recent<NetworkStatus> recent = status;
        if (recent != null) {
            recent.read();
        }
    }

    /**
     * All leases are known here as of that moment, by the wall clock: they were listed completely and are being watched. To
     * be called every few seconds while that is so; an alert takes five minutes of silence for trouble.
     */
    public void synced(Instant at) {
        syncedAt = seconds(at);
    }

    @Override
    public void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {
        meters(invocation).finished(outcome, attempt);
    }

    @Override
    public void hookAbandoned(HookInvocation invocation, int attempts) {
        meters(invocation).abandoned();
    }

    @Override
    public void converged(Peer peer, Duration sinceSeen) {
        convergence.record(sinceSeen);
    }

    @Override
    public synchronized void leaseAcquired(Lease lease) {
        acquiredAt = seconds(lease.acquireTime());
        if (acquired == null) {
            acquired = series.gauge(Metric.LEASE_ACQUIRED_TIMESTAMP, () -> acquiredAt, network);
        }
    }

    @Override
    public synchronized void leaseLost(Subnet subnet, String message) {
        if (acquired != null) {
            series.remove(acquired);
            acquired = null;
        }
    }

    @Override
    public void allocationConflict(Subnet subnet) {
        conflicts.increment();
    }

    /** Takes the network's series away; what is still reported goes nowhere. */
    @Override
    public void close() {
        series.close();
        whenClosed.accept(this);
    }

    private HookMeters meters(HookInvocation invocation) {
        HookMeters meters = hooks.get(invocation.hook());
        if (meters == null) {
            throw new IllegalStateException("no meters for " + invocation.hook());
        }
        return meters;
    }

    private void peers(String state, Recent<NetworkStatus> recent, Function<NetworkStatus.Peers, Integer> count) {
        series.gauge(Metric.PEERS, () -> count.apply(recent.get().peers()), network, state);
    }

    private synchronized NetworkStatus shown(NetworkStatus fresh) {
        if (!fresh.reason().equals(shownReason)) {
            if (reason != null) {
                series.remove(reason);
            }
            shownReason = fresh.reason();
            reason = shownReason.isEmpty() ? null : series.gauge(Metric.NETWORK_REASON, () -> 1, network, shownReason);
        }
        return fresh;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1e3;
    }
}

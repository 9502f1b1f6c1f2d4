package dev.flannelx.simulation;

import dev.flannelx.host.MonotonicClock;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import dev.flannelx.kube.operator.ClusterOperator;
import dev.flannelx.kube.operator.ElectionTiming;
import dev.flannelx.kube.operator.OperatorClocks;
import dev.flannelx.kube.operator.OperatorIdentity;
import dev.flannelx.reconcile.operator.OperatorObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** A place for an operator, which comes and goes, and whose way to the API server is bad. */
final class SimulatedOperator implements AutoCloseable {
    private static final ElectionTiming QUICK =
            new ElectionTiming(Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofMillis(500));

    private final SimulatedCluster cluster;
    private final String name;
    private final FaultProxy proxy;
    private final SkewedClock wall = new SkewedClock();
    private int lives;
    private Faults faults = Faults.NONE;
    private boolean misled;
    private Optional<Life> life = Optional.empty();

    private record Life(KubernetesClient client, ClusterOperator operator) {}

    SimulatedOperator(SimulatedCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        proxy = new FaultProxy(cluster.url(), Faults.NONE, new LeaseTap(name, cluster.recording()));
    }

    /** What its way to the API server is like from now on. */
    void faults(Faults next) {
        faults = next;
        proxy.faults(next);
        misled |= isBad(next);
    }

    private static boolean isBad(Faults faults) {
        return !faults.equals(Faults.NONE);
    }

    /** Whether it may have been told less than there was, for which its own comparison would make up in a while. */
    boolean isMisled() {
        return misled;
    }

    SkewedClock wall() {
        return wall;
    }

    String name() {
        return name;
    }

    /** Starts one, unless one lives. */
    void start() {
        if (life.isEmpty()) {
            lives++;
            misled = isBad(faults);
            KubernetesClient client = cluster.client(name, proxy.url());
            InstantSource clock = new MonotonicClock();
            var operator = new ClusterOperator(
                    client,
                    new OperatorIdentity("flannelx-system", name + "-" + lives),
                    QUICK,
                    new OperatorClocks(clock, clock, wall),
                    new OperatorObserver() {});
            life = Optional.of(new Life(client, operator));
            operator.start();
        }
    }

    /** Ends it as kill -9 would. */
    void kill() {
        life.ifPresent(it -> {
            life = Optional.empty();
            it.operator().kill();
            it.client().close();
        });
    }

    /** Ends it in good order. */
    void stop() {
        life.ifPresent(it -> {
            life = Optional.empty();
            it.operator().close();
            it.client().close();
        });
    }

    @Override
    public void close() {
        kill();
        proxy.close();
    }
}

package dev.flannelx.app;

import dev.flannelx.host.MonotonicClock;
import dev.flannelx.kube.operator.ClusterOperator;
import dev.flannelx.kube.operator.ElectionTiming;
import dev.flannelx.kube.operator.OperatorClocks;
import dev.flannelx.kube.operator.OperatorIdentity;
import dev.flannelx.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The operator as part of the application: started and stopped with it, where the command line asked for it. */
@Singleton
final class OperatorDaemon {
    static final String NAME = "operator";
    static final String NAMESPACE = "flannelx.operator.namespace";
    static final String PEOPLE_CALL_IT = "flannelx.operator.name";

    private record Running(ClusterOperator operator, OperatorMetrics metrics) {}

    private final Optional<String> daemon;
    private final OperatorIdentity identity;
    private final KubernetesClient client;
    private final MeterRegistry meters;
    private volatile @Nullable Running running;

    @Inject
    OperatorDaemon(
            @ConfigProperty(name = Application.DAEMON) Optional<String> daemon,
            @ConfigProperty(name = NAMESPACE) Optional<String> namespace,
            @ConfigProperty(name = PEOPLE_CALL_IT) Optional<String> name,
            KubernetesClient client,
            MeterRegistry meters) {
        this.daemon = daemon;
        this.client = client;
        this.meters = meters;
        identity = new OperatorIdentity(namespace.orElse(""), name.orElse("") + "_" + UUID.randomUUID());
    }

    /** The operator, once the application has started. */
    Optional<ClusterOperator> operator() {
        return Optional.ofNullable(running).map(Running::operator);
    }

    void start(@Observes StartupEvent event) {
        if (daemon.filter(NAME::equals).isPresent()) {
            var metrics = new OperatorMetrics(meters, Version.current());
            var operator = new ClusterOperator(
                    client,
                    identity,
                    ElectionTiming.USUAL,
                    OperatorClocks.of(new MonotonicClock()),
                    new OperatorMeasures(metrics));
            operator.start();
            running = new Running(operator, metrics);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        Running stopping = running;
        if (stopping != null) {
            running = null;
            stopping.operator().close();
            stopping.metrics().close();
        }
    }
}

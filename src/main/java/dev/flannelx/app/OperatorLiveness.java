package dev.flannelx.app;

import dev.flannelx.kube.operator.ClusterOperator;
import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** {@code /q/health/live}: its work goes on; that nobody answers it is no reason to be killed. */
@Liveness
@Singleton
@LookupIfProperty(name = Application.DAEMON, stringValue = OperatorDaemon.NAME)
final class OperatorLiveness implements HealthCheck {
    private final OperatorDaemon daemon;

    @Inject
    OperatorLiveness(OperatorDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("operator")
                .status(daemon.operator().map(ClusterOperator::isAlive).orElse(true))
                .build();
    }
}

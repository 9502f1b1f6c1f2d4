package dev.flannelx.app;

import dev.flannelx.kube.operator.ClusterOperator;
import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** {@code /q/health/ready}: it has seen all there is, so that it works, or could take over. */
@Readiness
@Singleton
@LookupIfProperty(name = Application.DAEMON, stringValue = OperatorDaemon.NAME)
final class OperatorReadiness implements HealthCheck {
    private final OperatorDaemon daemon;

    @Inject
    OperatorReadiness(OperatorDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("operator")
                .status(daemon.operator().map(ClusterOperator::isSynced).orElse(false))
                .withData(
                        "leading",
                        daemon.operator().map(ClusterOperator::isLeading).orElse(false))
                .build();
    }
}

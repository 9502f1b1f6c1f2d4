package dev.flannelx.app;

import dev.flannelx.app.agent.Readiness;
import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** {@code /q/health/ready}: whether the node is ready in every network that it is to join, and what is missing. */
@org.eclipse.microprofile.health.Readiness
@Singleton
@LookupIfProperty(name = Application.DAEMON, stringValue = AgentDaemon.NAME)
final class AgentReadiness implements HealthCheck {
    private final AgentDaemon daemon;

    @Inject
    AgentReadiness(AgentDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        Readiness readiness = daemon.agent()
                .map(agent -> agent.readiness())
                .orElseGet(() -> new Readiness(List.of("the agent does not run")));
        var response = HealthCheckResponse.named("networks").status(readiness.isReady());
        if (!readiness.isReady()) {
            response.withData("missing", String.join("; ", readiness.missing()));
        }
        return response.build();
    }
}

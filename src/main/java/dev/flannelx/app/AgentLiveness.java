package dev.flannelx.app;

import dev.flannelx.app.agent.NodeAgent;
import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * {@code /q/health/live}: whether the agent still goes its rounds, with all of its threads. That it can do nothing, as with
 * the API server away or another agent on the node, is no reason to start it again.
 */
@Liveness
@Singleton
@LookupIfProperty(name = Application.DAEMON, stringValue = AgentDaemon.NAME)
final class AgentLiveness implements HealthCheck {
    private final AgentDaemon daemon;

    @Inject
    AgentLiveness(AgentDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("rounds")
                .status(daemon.agent().map(NodeAgent::isAlive).orElse(true))
                .build();
    }
}

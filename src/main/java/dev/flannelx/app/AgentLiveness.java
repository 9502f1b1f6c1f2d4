package dev.flannelx.app;

import io.quarkus.arc.lookup.LookupIfProperty;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * {@code /q/health/live}: whether the agent's thread still goes its rounds. That it can do nothing, as with the API server
 * away or another agent on the node, is no reason to start it again.
 */
@Liveness
@Singleton
@LookupIfProperty(name = Application.DAEMON, stringValue = AgentDaemon.NAME)
final class AgentLiveness implements HealthCheck {
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

    private final AgentDaemon daemon;

    @Inject
    AgentLiveness(AgentDaemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("rounds")
                .status(daemon.agent()
                        .map(agent -> agent.sinceWorked().compareTo(LONGEST_ROUND) < 0)
                        .orElse(true))
                .build();
    }
}

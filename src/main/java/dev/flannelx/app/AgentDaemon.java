package dev.flannelx.app;

import dev.flannelx.app.agent.AgentMeans;
import dev.flannelx.app.agent.AgentSettings;
import dev.flannelx.app.agent.AgentWiring;
import dev.flannelx.app.agent.NodeAgent;
import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.ip.Address;
import dev.flannelx.lease.PublicAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The agent as part of the application: started, ticked and stopped with it, where the command line asked for it. */
@Singleton
final class AgentDaemon {
    static final String NAME = "agent";

    private final Optional<String> daemon;
    private final AgentConfig config;
    private final KubernetesClient client;
    private final MeterRegistry meters;
    private volatile @Nullable NodeAgent agent;

    @Inject
    AgentDaemon(
            @ConfigProperty(name = Application.DAEMON) Optional<String> daemon,
            AgentConfig config,
            KubernetesClient client,
            MeterRegistry meters) {
        this.daemon = daemon;
        this.config = config;
        this.client = client;
        this.meters = meters;
    }

    /** The agent, once the application has started. */
    Optional<NodeAgent> agent() {
        return Optional.ofNullable(agent);
    }

    void start(@Observes StartupEvent event) throws IOException {
        if (daemon.filter(NAME::equals).isPresent()) {
            NodeAgent started = AgentWiring.agent(
                    settings(),
                    new AgentMeans(client, meters, InstantSource.system(), new MonotonicClock(), new Random()));
            started.start();
            agent = started;
        }
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    void tick() {
        agent().ifPresent(NodeAgent::tick);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        NodeAgent stopping = agent;
        if (stopping != null) {
            agent = null;
            stopping.stop();
        }
    }

    private AgentSettings settings() {
        var chosen = new PublicAddress(
                config.publicIp().flatMap(Address::parse).orElse(null),
                config.publicIpv6().flatMap(Address::parse).orElse(null));
        return AgentSettings.of(
                config.nodeName().orElseThrow(),
                Version.current(),
                new Places(config.runDirectory(), config.flannelDirectory(), config.cniDirectory()),
                new AgentSettings.Choices(
                        chosen,
                        config.primaryNetwork().orElse(null),
                        config.allowedCommands().orElse(null),
                        config.onSubnetLost() == OnSubnetLost.MOVE,
                        config.ipMasq(),
                        AgentSettings.Choices.USUAL_GRACE));
    }
}

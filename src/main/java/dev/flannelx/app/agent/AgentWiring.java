package dev.flannelx.app.agent;

import dev.flannelx.host.HostPublication;
import dev.flannelx.host.InterfaceFinder;
import dev.flannelx.host.KernelLife;
import dev.flannelx.host.Masquerading;
import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.event.EventRecorder;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.metrics.AgentMetrics;
import java.io.IOException;
import java.util.List;

/** Puts the agent of a node together. Several may run in one process, each on a machine of its own. */
public final class AgentWiring {
    private static final String CONTROLLER = "flannelx.dev/agent";

    private AgentWiring() {}

    /**
     * An agent that does nothing before {@link NodeAgent#start}, and nothing of its own accord after that:
     * {@link NodeAgent#tick} is the caller's.
     *
     * @throws IOException if the kernel does not say which boot and network namespace this is
     */
    public static NodeAgent agent(AgentSettings settings, AgentMeans means) throws IOException {
        AgentSettings.Machine machine = settings.machine();
        PublicAddress chosen = settings.choices().publicAddress();
        List<String> enter = machine.enter().apply(machine.places().run());
        var finder = new InterfaceFinder(enter);
        var selfFinder = new SelfFinder(
                () -> finder.publicAddress(chosen),
                means.random(),
                means.clock().instant());
        var publication = new HostPublication(
                machine.places(),
                () -> finder.mtu(selfFinder.address()),
                settings.choices().masquerade(),
                new Masquerading(enter));
        var tools = new NodeTools(
                settings,
                means,
                KernelLife.of(machine.networkNamespace()),
                publication,
                new LeaseTypeGuard(means.client(), means.clock()),
                new AgentMetrics(means.meters(), settings.version()),
                new EventRecorder(means.client(), CONTROLLER, settings.node(), means.wall(), means.clock()));
        return new NodeAgent(tools, selfFinder);
    }
}

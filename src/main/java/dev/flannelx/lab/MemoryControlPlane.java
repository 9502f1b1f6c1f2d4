package dev.flannelx.lab;

import dev.flannelx.lease.Lease;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.AgentOptions;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.Journal;
import dev.flannelx.reconcile.NetworkAgent;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Ports;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Leases in memory, and the engine of the agent without an API server around it. */
public final class MemoryControlPlane implements ControlPlane {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Network network;
    private final LabHost host;
    private final MemoryLeases leases = new MemoryLeases();
    private final List<EngineAgent> agents = new CopyOnWriteArrayList<>();

    /** One without any node; {@code host} is what its agents run on. */
    public MemoryControlPlane(Network network, LabHost host) {
        this.network = network;
        this.host = host;
    }

    @Override
    public void register(LabMachine machine) {}

    @Override
    public Agent start(LabMachine machine, Attachments attachments) throws IOException {
        Path hooks = machine.directory().resolve("hooks");
        Journal journal = host.journal(machine.directory(), machine.networkNamespace());
        LabHost.Runner runner = host.runner(
                network.name(), machine.name(), hooks, machine.enter().apply(hooks));
        var engine = new NetworkAgent(
                network.name(),
                new Ports(
                        leases,
                        attachments.runner().apply(runner.hooks()),
                        journal,
                        attachments.publication(),
                        attachments.observer()),
                new Self(machine.name(), "uid-" + machine.name(), machine.publicAddress(), machine.podSubnet()),
                AgentOptions.DEFAULT,
                InstantSource.system(),
                attachments.random());
        var agent = new EngineAgent(engine, runner);
        agents.add(agent);
        agent.start();
        return agent;
    }

    @Override
    public void remove(String node) {
        leases.delete(node);
    }

    @Override
    public List<Lease> leases() {
        return leases.all();
    }

    @Override
    public void close() {
        agents.forEach(EngineAgent::kill);
    }

    private final class EngineAgent implements Agent {
        private final NetworkAgent engine;
        private final LabHost.Runner runner;
        private final Runnable watcher;

        EngineAgent(NetworkAgent engine, LabHost.Runner runner) {
            this.engine = engine;
            this.runner = runner;
            this.watcher = engine::wake;
        }

        void start() throws IOException {
            leases.watch(watcher);
            engine.start();
            engine.want(new Directive.Join(network, "lab", 1, true));
        }

        @Override
        public Optional<NetworkStatus> status() {
            return Optional.of(engine.status());
        }

        @Override
        public void kill() {
            engine.kill();
            runner.kill().run();
            leases.unwatch(watcher);
        }

        @Override
        public void stop() {
            try {
                engine.stop(GRACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            leases.unwatch(watcher);
        }
    }
}

package dev.flannelx.metrics;

import dev.flannelx.host.FileJournal;
import dev.flannelx.host.KernelLife;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.host.ShellHookRunner;
import dev.flannelx.ip.Address;
import dev.flannelx.lab.MemoryLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkDecoder;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.AgentOptions;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.NetworkAgent;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Ports;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A network on node {@code node1}: the real engine, journal and shell. */
final class HookedNetwork implements AutoCloseable {
    private static final PublicAddress ADDRESS =
            new PublicAddress(Address.parse("192.0.2.1").orElseThrow(), null);

    private final Network network;
    private final MemoryLeases leases;
    private final NetworkMetrics metrics;
    private final NetworkAgent agent;
    private final Runnable wake;

    /**
     * An agent that does nothing before {@link #start}.
     *
     * @param folder of the journal; where another left one, this is the agent after a restart
     * @param backend the fields of the spec's {@code backend} that matter
     */
    HookedNetwork(String name, Path folder, MemoryLeases leases, AgentMetrics metrics, String backend)
            throws IOException {
        this.network = network(name, backend);
        this.leases = leases;
        this.metrics = metrics.network(name);
        var journal = new FileJournal(folder.resolve(name), KernelLife.of(Path.of("/proc/self/ns/net")));
        agent = new NetworkAgent(
                name,
                new Ports(
                        leases,
                        new ShellHookRunner(name, "node1", journal.hooksDirectory(), List.of()),
                        journal,
                        new NoPublication(),
                        this.metrics),
                new Self("node1", "uid-node1", ADDRESS, null),
                AgentOptions.DEFAULT,
                new MonotonicClock(),
                new Random(1));
        wake = agent::wake;
        this.metrics.watch(agent::status, agent::queue);
    }

    private static Network network(String name, String backend) {
        String spec = """
                network: 10.50.0.0/16
                removalGrace: 0s
                backend:
                  type: extension
                  timeout: 3s
                  checkPeriod: 1s
                  parallelism: 3
                  retry: {initialDelay: 100ms, maxDelay: 500ms}
                """ + backend.indent(2);
        return switch (NetworkDecoder.decode(name, Specs.yaml(spec))) {
            case Decoded.Valid(Network network) -> network;
            case Decoded.Invalid(List<String> problems) -> throw new AssertionError(problems);
        };
    }

    void start() throws IOException {
        leases.watch(wake);
        agent.start();
        agent.want(new Directive.Join(network, "uid", 1, true));
    }

    /** Another node takes a subnet. */
    void join(String node, Subnet subnet) {
        var address = new PublicAddress(Address.parse("192.0.2.7").orElseThrow(), null);
        Instant now = Instant.now();
        leases.create(
                new Lease(network.name(), node, "uid-" + node, subnet, address, "extension", "", now, now, false));
    }

    NetworkStatus status() {
        return agent.status();
    }

    /** What the agent's own tick does: all leases are known, and the reason is up to date. */
    void tick() {
        metrics.synced(Instant.now());
        metrics.refresh();
    }

    /** Ends between two hooks. */
    void stop() {
        leases.unwatch(wake);
        try {
            agent.stop(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends, and the metrics with it. */
    @Override
    public void close() {
        stop();
        metrics.close();
    }

    private static final class NoPublication implements Publication {
        @Override
        public void publish(Network network, Subnet subnet) {}

        @Override
        public void withdraw(Network network) {}
    }
}

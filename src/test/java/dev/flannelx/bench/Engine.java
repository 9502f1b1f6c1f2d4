package dev.flannelx.bench;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.host.FileJournal;
import dev.flannelx.host.MonotonicClock;
import dev.flannelx.host.ShellHookRunner;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lab.MemoryLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.AgentOptions;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.NetworkAgent;
import dev.flannelx.reconcile.Ports;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.ReconcileObserver;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** One network's agent as on a node, with leases in memory. Peer {@code n} is at {@link #address}{@code (n)}. */
final class Engine implements AutoCloseable {
    static final HookRunner NO_HOOKS = new HookRunner() {
        @Override
        public HookOutcome run(HookRun run) {
            return new HookOutcome.Succeeded("", "", Duration.ofMillis(3));
        }

        @Override
        public void endSurvivors(Set<String> runs) {}
    };

    private static final Publication NO_PUBLICATION = new Publication() {
        @Override
        public void publish(Network network, Subnet subnet) {}

        @Override
        public void withdraw(Network network) {}
    };

    private static final Address FIRST_ADDRESS = Address.parse("172.16.0.0").orElseThrow();
    private static final Address FIRST_SUBNET = Address.parse("10.0.0.0").orElseThrow();
    private static final String NODE = "self";
    private static final int SUBNET_SIZE = 256;
    private static final long LONGEST_NAP_MILLIS = 1;

    private final NetworkAgent agent;
    private final Network network;
    /** So many wake who waits for them: a wake for each would be measured too. */
    private volatile int wanted = Integer.MAX_VALUE;

    private final AtomicInteger converged = new AtomicInteger();
    private final AtomicInteger hooks = new AtomicInteger();

    /** An agent that has not begun, on what another one left in {@code journal}. */
    Engine(Network network, List<Lease> others, HookRunner runner, FileJournal journal) {
        this(network, others, runner, journal, new ReconcileObserver() {});
    }

    /** @param also is told how hooks ended */
    Engine(Network network, List<Lease> others, HookRunner runner, FileJournal journal, ReconcileObserver also) {
        this.network = network;
        var leases = new MemoryLeases();
        others.forEach(leases::create);
        agent = new NetworkAgent(
                network.name(),
                new Ports(leases, runner, journal, NO_PUBLICATION, new Counter(also)),
                new Self(NODE, "uid-self", address(0), null),
                AgentOptions.DEFAULT,
                new MonotonicClock(),
                new Random(1));
    }

    /** A journal in {@code folder}, as an agent would have it there. */
    static FileJournal journal(Path folder) {
        return new FileJournal(folder, "bench");
    }

    /** The agent's own runner of hooks. */
    static HookRunner shells(Network network, FileJournal journal) throws IOException {
        return new ShellHookRunner(network.name(), NODE, journal.hooksDirectory(), List.of());
    }

    static PublicAddress address(int number) {
        return new PublicAddress(FIRST_ADDRESS.plus(BigInteger.valueOf(number + 1L)), null);
    }

    static Subnet subnet(int number) {
        Address base = FIRST_SUBNET.plus(BigInteger.valueOf((long) SUBNET_SIZE * number));
        return new Subnet(new Cidr(base, 24), null);
    }

    /** Leases of peers 1 to {@code count}. */
    static List<Lease> peers(Network network, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> lease(network, number, address(number)))
                .toList();
    }

    static Lease lease(Network network, int number, PublicAddress address) {
        return new Lease(
                network.name(),
                "node" + number,
                "uid" + number,
                subnet(number),
                address,
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }

    void start() throws IOException {
        agent.start();
        agent.want(new Directive.Join(network, "uid", 1, true));
    }

    NetworkAgent agent() {
        return agent;
    }

    /** How many hooks have ended. */
    int hooks() {
        return hooks.get();
    }

    /** Waits until so many adds have succeeded. */
    synchronized void awaitConverged(int peers) throws InterruptedException {
        wanted = peers;
        while (converged.get() < wanted) {
            wait();
        }
    }

    /** Waits for a condition that some change of the agent's may bring about. */
    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            wait(LONGEST_NAP_MILLIS);
        }
    }

    private void hasConverged() {
        if (converged.incrementAndGet() >= wanted) {
            wakeWaiting();
        }
    }

    private synchronized void wakeWaiting() {
        notifyAll();
    }

    @Override
    public void close() {
        agent.kill();
    }

    private final class Counter implements ReconcileObserver {
        private final ReconcileObserver also;

        Counter(ReconcileObserver also) {
            this.also = also;
        }

        @Override
        public void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {
            hooks.incrementAndGet();
            also.hookFinished(invocation, outcome, attempt);
        }

        @Override
        public void converged(Peer peer, Duration sinceSeen) {
            hasConverged();
            also.converged(peer, sinceSeen);
        }
    }
}

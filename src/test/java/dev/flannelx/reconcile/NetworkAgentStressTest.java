package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.BackendSettings;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The agent's threads against each other, and against others that change leases, wake, compare and kill: what the crown
 * test plays in one thread and in simulated time. Nothing here waits for a moment, so that what comes when is the
 * scheduler's choice.
 */
class NetworkAgentStressTest {
    private static final String NAME = "stressed";
    private static final HookCommands COMMANDS =
            new HookCommands("pre", "post", "add", "del", "down", null, null, null);
    private static final Duration QUICK = Duration.ofMillis(1);
    /** Less than the longest nap of a thread: one that missed its signal does not come in time. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final int LONGEST_PAUSE_NANOS = 1_000_000;
    private static final int WRITERS = 3;
    private static final int EVENTS = 150;
    private static final int NODES = 6;
    private static final int SUBNETS = 9;

    private final FakeLeaseStore store = new FakeLeaseStore();
    private final MemoryJournal journal = new MemoryJournal();

    @ParameterizedTest(name = "seed {0}, parallelism {1}")
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8"})
    void settlesInOrderAndRunsNothingOnceItHasEnded(long seed, int parallelism) throws Exception {
        var random = new Random(seed);
        var kernel = new StressedKernel(seed);
        Network network = network(parallelism);
        for (int life = 0; life < 3; life++) {
            liveUntilKilled(network, kernel, random);
        }

        NetworkAgent agent = start(network, kernel.new Shell(), random);
        for (Thread writer : writers(agent, random, EVENTS)) {
            writer.join();
        }
        kernel.mend();
        Map<String, String> wanted = wanted();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(agent.status().ready()).isTrue();
            assertThat(agent.status().peers()).isEqualTo(new NetworkStatus.Peers(wanted.size(), wanted.size(), 0, 0));
            assertThat(kernel.routes()).isEqualTo(wanted);
        });
        assertThat(kernel.tunnels().keySet()).hasSize(wanted.size());

        List<Thread> writers = writers(agent, random, EVENTS);
        agent.stop(PATIENCE);
        assertThat(living()).isEmpty();
        int ran = kernel.ran();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(kernel.ran()).isEqualTo(ran);
        assertThat(kernel.offences()).isEmpty();
    }

    /** An agent that dies in the middle of what it does. */
    private void liveUntilKilled(Network network, StressedKernel kernel, Random random) throws Exception {
        StressedKernel.Shell shell = kernel.new Shell();
        NetworkAgent agent = start(network, shell, random);
        List<Thread> writers = writers(agent, random, 1 + random.nextInt(EVENTS));
        writers.getFirst().join();
        agent.kill();
        shell.kill();
        for (Thread writer : writers) {
            writer.join();
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(living()).isEmpty());
    }

    private NetworkAgent start(Network network, HookRunner shell, Random random) throws Exception {
        var agent = new NetworkAgent(
                NAME,
                new Ports(store, shell, journal, Simulation.NO_PUBLICATION, new ReconcileObserver() {}),
                Simulation.SELF,
                AgentOptions.DEFAULT,
                InstantSource.system(),
                new Random(random.nextLong()));
        store.change(leases -> {});
        agent.start();
        agent.want(new Directive.Join(network, "uid", 1, true));
        return agent;
    }

    private static Network network(int parallelism) {
        BackendSettings usual = BackendSettings.DEFAULT;
        return Simulation.network(COMMANDS, parallelism)
                .withRemovalGrace(Duration.ZERO)
                .withSettings(new BackendSettings(
                        usual.timeout(), usual.checkPeriod(), parallelism, QUICK, QUICK.multipliedBy(4), null, 0));
    }

    private static List<Thread> living() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("flannelx-" + NAME + "-"))
                .toList();
    }

    /** Threads that make so many changes each. */
    private List<Thread> writers(NetworkAgent agent, Random random, int events) {
        var writers = new ArrayList<Thread>();
        for (int writer = 0; writer < WRITERS; writer++) {
            var own = new Random(random.nextLong());
            writers.add(Thread.ofPlatform().start(() -> {
                for (int event = 0; event < events; event++) {
                    change(agent, own);
                }
            }));
        }
        return writers;
    }

    private void change(NetworkAgent agent, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> agent.resync();
            case 1 -> agent.wake();
            case 2 -> LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            default -> {
                store.change(leases -> move(leases, random));
                agent.wake();
            }
        }
    }

    /** A node comes, goes, moves to a subnet that may be another's, or changes its data. */
    private static void move(Map<Subnet, Lease> leases, Random random) {
        String node = "node" + random.nextInt(NODES);
        var subnet = Simulation.subnet(1 + random.nextInt(SUBNETS));
        Lease there = leases.get(subnet);
        leases.values().removeIf(lease -> lease.node().equals(node));
        if (random.nextInt(4) > 0 && (there == null || !there.node().equals(Simulation.SELF.node()))) {
            leases.put(subnet, lease(subnet, node, "data" + random.nextInt(3)));
        }
    }

    private static Lease lease(Subnet subnet, String node, String data) {
        return new Lease(
                "demo",
                node,
                "uid-" + node,
                subnet,
                Simulation.address(Math.abs(node.hashCode() % 100) + 1),
                "extension",
                data,
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }

    private Map<String, String> wanted() {
        var wanted = new TreeMap<String, String>();
        store.change(leases -> leases.values().stream()
                .filter(lease -> !lease.node().equals(Simulation.SELF.node()))
                .forEach(lease -> wanted.put(
                        lease.subnet().toString(),
                        lease.node() + " " + lease.publicAddress().ipv4() + " " + lease.backendData())));
        return wanted;
    }
}

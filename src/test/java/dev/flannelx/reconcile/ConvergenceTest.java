package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.network.HookCommands;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The crown test: whatever happens on the way, applied becomes desired, in the kernel and in the books. */
class ConvergenceTest {
    private static final HookCommands CLASSIC =
            new HookCommands("pre a", "post a", "add", "del", "shutdown a", "check", null, null);
    private static final HookCommands BATCH =
            new HookCommands("pre a", "post a", null, null, "shutdown a", null, null, "batch");
    private static final HookCommands CHECKED =
            new HookCommands("pre a", "post a", "add", "del", "shutdown a", "check", "check all", null);

    /** What happens to the leases: the whole list after each event. */
    record Sequence(long seed, String expansion, List<List<Lease>> states) {
        @Override
        public String toString() {
            return expansion + ", seed " + seed;
        }
    }

    static Stream<Arguments> sequences() {
        return LongStream.range(0, 150).boxed().flatMap(seed -> {
            var states = generate(seed);
            var variants = List.of(
                    new Sequence(seed, "as it came", states),
                    new Sequence(seed, "reversed", reversed(states)),
                    new Sequence(seed, "duplicated", duplicated(states)),
                    new Sequence(seed, "split", split(states)),
                    new Sequence(seed, "squashed", List.of(states.getLast())),
                    new Sequence(seed, "through empty", throughEmpty(states)));
            return variants.stream()
                    .flatMap(sequence -> Stream.of(
                            Arguments.of(sequence, CLASSIC, 1),
                            Arguments.of(sequence, CLASSIC, 4),
                            Arguments.of(sequence, CHECKED, 3),
                            Arguments.of(sequence, BATCH, 2)));
        });
    }

    @ParameterizedTest(name = "{0}, {1}, parallelism {2}")
    @MethodSource("sequences")
    void settlesOnTheLeasesWhateverHappenedOnTheWay(Sequence sequence, HookCommands commands, int parallelism) {
        var simulation = new Simulation(sequence.seed(), commands, parallelism);
        simulation.failures = 30;
        simulation.crashes = 3;
        var edits = new Edits(simulation);
        for (List<Lease> state : sequence.states()) {
            apply(simulation, state);
            int steps = simulation.random.nextInt(25);
            for (int i = 0; i < steps; i++) {
                if (simulation.random.nextInt(20) == 0) {
                    simulation.store.away = !simulation.store.away;
                    simulation.journal.full = simulation.random.nextInt(4) == 0;
                }
                if (simulation.random.nextInt(20) == 0) {
                    edits.make();
                }
                simulation.step();
            }
        }
        simulation.want();
        simulation.settle();

        assertThat(simulation.kernel.routes).as("routes").isEqualTo(simulation.wanted());
        assertThat(simulation.kernel.tunnels.keySet())
                .as("tunnels")
                .isEqualTo(simulation.wanted().values().stream()
                        .map(peer -> peer.node())
                        .collect(Collectors.toSet()));
        assertThat(journalled(simulation)).as("journal").isEqualTo(simulation.wanted());
        assertThat(simulation.leftovers())
                .as("what a shutdown should have taken away")
                .isEmpty();
        assertThat(simulation.kernel.offences).isEmpty();
        assertThat(simulation.status().ready()).as("%s", simulation.status()).isTrue();
    }

    private static Map<String, Peer> journalled(Simulation simulation) {
        var peers = new TreeMap<String, Peer>();
        simulation
                .journal
                .state
                .peers()
                .values()
                .forEach(applied -> peers.put(applied.peer().subnet().toString(), applied.peer()));
        return peers;
    }

    private static void apply(Simulation simulation, List<Lease> state) {
        simulation.store.truth.values().removeIf(lease -> !lease.node().equals(Simulation.SELF.node()));
        state.forEach(lease -> simulation.store.truth.put(lease.subnet(), lease));
        if (simulation.random.nextInt(3) > 0) {
            simulation.observe();
        }
    }

    /** Nodes come, go, change their data, and move to a subnet that another one had. */
    private static List<List<Lease>> generate(long seed) {
        var random = new Random(seed);
        var maker = new Simulation(seed, CLASSIC, 1);
        var leases = new TreeMap<String, Lease>();
        var states = new ArrayList<List<Lease>>();
        for (int event = 0; event < 3 + random.nextInt(12); event++) {
            String node = "node" + random.nextInt(4);
            if (random.nextInt(4) == 0) {
                leases.remove(node);
            } else {
                int subnet = 1 + random.nextInt(5);
                leases.values().removeIf(lease -> lease.subnet().equals(Simulation.subnet(subnet)));
                leases.put(node, maker.lease(subnet, node, "data" + random.nextInt(3)));
            }
            states.add(List.copyOf(leases.values()));
        }
        return states;
    }

    private static List<List<Lease>> reversed(List<List<Lease>> states) {
        var copy = new ArrayList<>(states);
        Collections.reverse(copy);
        return copy;
    }

    private static List<List<Lease>> duplicated(List<List<Lease>> states) {
        return states.stream().flatMap(state -> Stream.of(state, state)).toList();
    }

    /** What came with an event, came alone: first all that went is gone, then all that is new is there. */
    private static List<List<Lease>> split(List<List<Lease>> states) {
        var split = new ArrayList<List<Lease>>();
        List<Lease> before = List.of();
        for (List<Lease> state : states) {
            split.add(before.stream().filter(state::contains).toList());
            split.add(state);
            before = state;
        }
        return split;
    }

    private static List<List<Lease>> throughEmpty(List<List<Lease>> states) {
        return states.stream()
                .flatMap(state -> Stream.of(state, List.<Lease>of(), state))
                .toList();
    }
}

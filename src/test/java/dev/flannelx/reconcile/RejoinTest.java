package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.network.HookCommands;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A node that is wanted back while it is being taken down, or wanted otherwise, at whatever moment. */
class RejoinTest {
    private static final HookCommands COMMANDS =
            new HookCommands("pre a", "post a", "add", "del", "shutdown a", "look", null, null);

    private final Simulation simulation = new Simulation(1, COMMANDS, 1);

    /** One with a peer, up and running. */
    private static void bringUp(Simulation simulation) {
        simulation.store.truth.put(Simulation.subnet(7), simulation.lease(7, "other", "data"));
        simulation.settle();
        assertThat(simulation.status().ready()).isTrue();
    }

    @Test
    void whatIsBeingForgottenIsForgottenFirst() {
        bringUp(simulation);
        simulation.tearDown();
        simulation.stepUntilItForgets();
        simulation.ran.clear();

        simulation.want();
        simulation.settle();

        assertThat(simulation.status().ready()).isTrue();
        assertThat(simulation.ran)
                .extracting(HookInvocation::hook)
                .filteredOn(hook -> !hook.isCheck())
                .containsExactly(Hook.PRE_STARTUP, Hook.POST_STARTUP, Hook.SUBNET_ADD);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itIsWhatTheLastEditMadeItWheneverThatCame(int seed) {
        var edited = new Simulation(seed, COMMANDS, 1 + seed % 3);
        edited.store.truth.put(Simulation.subnet(7), edited.lease(7, "other", "data"));
        var edits = new Edits(edited);
        edited.failures = seed % 2 * 20;
        edited.crashes = seed % 5;
        for (int edit = 0; edit < 30; edit++) {
            edits.make();
            steps(edited, edited.random.nextInt(20));
            if (edited.random.nextBoolean()) {
                edited.observe();
            }
        }
        edited.want();
        edited.settle();

        assertThat(edited.status().ready()).as("%s", edited.status()).isTrue();
        assertThat(edited.status().generation()).isEqualTo(edited.generation);
        assertThat(edited.kernel.up).isTrue();
        assertThat(edited.leftovers())
                .as("what a shutdown should have taken away")
                .isEmpty();
        assertThat(edited.kernel.routes).isEqualTo(edited.wanted());
        assertThat(edited.kernel.offences).isEmpty();
    }

    static List<Integer> seeds() {
        return IntStream.range(0, 500).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itComesUpInFullWheneverThatIs(int seed) {
        var wavering = new Simulation(seed, COMMANDS, 1 + seed % 3);
        bringUp(wavering);
        wavering.failures = seed % 2 * 20;
        wavering.crashes = seed % 5;
        for (int change = 0; change < 20; change++) {
            wavering.tearDown();
            steps(wavering, wavering.random.nextInt(20));
            wavering.want();
            steps(wavering, wavering.random.nextInt(10));
        }
        wavering.settle();

        assertThat(wavering.status().ready()).as("%s", wavering.status()).isTrue();
        assertThat(wavering.kernel.up).isTrue();
        assertThat(wavering.kernel.routes).isEqualTo(wavering.wanted());
        assertThat(wavering.kernel.offences).isEmpty();
    }

    private static void steps(Simulation simulation, int count) {
        for (int i = 0; i < count; i++) {
            simulation.step();
        }
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.network.HookCommands;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node that may run nothing, since its network is paused, say, tells of what is there. */
class HoldTest {
    private static final HookCommands COMMANDS =
            new HookCommands("pre", "post", "add", "del", "shutdown", null, null, null);

    private Simulation simulation = new Simulation(1, COMMANDS, 1);

    /** One with a peer, up and running. */
    private void bringUp() {
        simulation.store.truth.put(Simulation.subnet(7), simulation.lease(7, "other", "data"));
        simulation.settle();
        assertThat(simulation.status().ready()).isTrue();
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            simulation.step();
        }
    }

    @Test
    void whatIsUpStaysReadyThroughARestartAndRunsNothing() {
        bringUp();
        List<HookInvocation> before = List.copyOf(simulation.ran);
        simulation.restart();
        simulation.hold();
        assertThat(simulation.status().ready()).isFalse();

        simulation.observe();
        steps(20);

        assertThat(simulation.status().ready()).isTrue();
        assertThat(simulation.status().peers()).isEqualTo(new NetworkStatus.Peers(1, 1, 0, 0));
        assertThat(simulation.ran).isEqualTo(before);
    }

    @Test
    void whatIsUpStaysReadyThroughAComparison() {
        bringUp();
        simulation.resync();

        assertThat(simulation.status().ready()).isTrue();
    }

    @Test
    void leasesThatWereSeenBeforeTheWordToHoldCountAsWell() {
        bringUp();
        simulation.restart();
        simulation.observe();
        simulation.hold();
        steps(20);

        assertThat(simulation.status().ready()).isTrue();
    }

    @Test
    void aNodeWhoseLeaseIsGoneIsNotReady() {
        bringUp();
        simulation.restart();
        simulation.hold();
        simulation.observe();
        steps(20);
        simulation.store.truth.values().removeIf(lease -> lease.node().equals(Simulation.SELF.node()));
        simulation.observe();
        steps(20);

        assertThat(simulation.status().ready()).isFalse();
        assertThat(simulation.store.truth).hasSize(1);
    }

    @Test
    void aStartupThatHasToBeCheckedFirstIsNotReady() {
        simulation =
                new Simulation(1, new HookCommands("pre", "post", "add", "del", "shutdown", null, "look", null), 1);
        bringUp();
        simulation.restart();
        simulation.hold();
        simulation.observe();
        steps(20);

        assertThat(simulation.status().ready()).isFalse();
    }

    @Test
    void aNodeThatIsHalfTakenDownIsNotReady() {
        bringUp();
        simulation.tearDown();
        while (!simulation.kernel.routes.isEmpty()) {
            simulation.step();
        }
        simulation.hold();
        simulation.observe();
        steps(20);

        assertThat(simulation.status().ready()).isFalse();
    }

    @Test
    void whatNeverCameUpIsNotReady() {
        simulation.hold();
        simulation.observe();
        steps(20);

        assertThat(simulation.status().ready()).isFalse();
        assertThat(simulation.ran).isEmpty();
    }
}

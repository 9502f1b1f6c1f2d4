package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.network.HookCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that cannot publish its subnet: its peers come and go as ever. */
class PublicationTroubleTest {
    private static final String FULL = "subnet.env: No space left on device";

    private final Simulation simulation =
            new Simulation(1, new HookCommands(null, "post", "add", "del", null, null, null, null), 1);

    @BeforeEach
    void bringUp() {
        simulation.store.truth.put(Simulation.subnet(7), simulation.lease(7, "other", "data"));
        simulation.settle();
        assertThat(simulation.status().ready()).isTrue();
        simulation.ran.clear();
        simulation.unpublishable = FULL;
        simulation.resync();
    }

    @Test
    void aPeerThatHasGoneIsRemoved() {
        simulation.store.truth.remove(Simulation.subnet(7));
        simulation.settle();
        assertThat(simulation.ran).extracting(HookInvocation::command).containsExactly("del");
        assertThat(simulation.status().message()).isEqualTo(FULL);
    }

    @Test
    void aSubnetThatBecomesAnotherNodesIsThatNodes() {
        simulation.store.truth.remove(Simulation.subnet(7));
        simulation.observe();
        simulation.store.truth.put(Simulation.subnet(7), simulation.lease(7, "third", "data"));
        simulation.store.truth.put(Simulation.subnet(8), simulation.lease(8, "other", "data"));
        simulation.settle();
        assertThat(simulation.kernel.routes).isEqualTo(simulation.wanted());
        assertThat(simulation.kernel.offences).isEmpty();
    }

    @Test
    void itIsPublishedOnceThatIsPossible() {
        simulation.settle();
        assertThat(simulation.status().reason()).isEqualTo("Troubled");
        assertThat(simulation.status().ready()).isFalse();

        simulation.unpublishable = "";
        simulation.settle();
        assertThat(simulation.status().reason()).isEmpty();
        assertThat(simulation.status().ready()).isTrue();
    }
}

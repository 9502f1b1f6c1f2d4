package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import org.junit.jupiter.api.Test;

/** What a node makes of a lease, its own or another's, that is not where it was. */
class LostLeaseTest {
    private final Simulation simulation =
            new Simulation(1, new HookCommands("pre", "post", "add", "del", "shutdown", null, null, null), 1);

    @Test
    void aLeaseThatWentBeforeTheWatchEverShowedItIsMissedAllTheSame() {
        simulation.observe();
        Subnet own = ownSubnet();
        simulation.store.truth.remove(own);
        simulation.observe();
        steps(50);

        assertThat(simulation.store.truth).containsKey(own);
        assertThat(simulation.status().ready()).isTrue();
    }

    @Test
    void aLeaseThatAnotherTookBeforeTheWatchEverShowedItIsSaidToBeLost() {
        simulation.observe();
        Subnet own = ownSubnet();
        simulation.store.truth.put(own, simulation.lease(1, "thief", ""));
        simulation.observe();
        steps(50);

        assertThat(simulation.status().ready()).isFalse();
        assertThat(simulation.status().reason()).isEqualTo("SubnetLost");
    }

    @Test
    void aPeerStaysUntilTheLeasesHaveBeenSeenWithoutIt() {
        simulation.observe();
        ownSubnet();
        simulation.store.truth.put(Simulation.subnet(7), simulation.lease(7, "other", ""));
        simulation.observe();
        steps(50);
        assertThat(simulation.kernel.routes).containsKey(Simulation.subnet(7).toString());

        simulation.store.truth.remove(Simulation.subnet(7));
        simulation.restart();
        steps(50);
        assertThat(simulation.kernel.routes).containsKey(Simulation.subnet(7).toString());

        simulation.observe();
        steps(50);
        assertThat(simulation.kernel.routes).isEmpty();
    }

    /** The subnet that the node has just claimed. */
    private Subnet ownSubnet() {
        while (simulation.store.truth.isEmpty()) {
            simulation.step();
        }
        return simulation.store.truth.keySet().iterator().next();
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            simulation.step();
        }
    }
}

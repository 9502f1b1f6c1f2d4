package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Local;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import org.junit.jupiter.api.Test;

class AppliedStartupTest {
    private static final Network BEFORE = network("add");
    private static final Network AFTER = network("add another way");
    private static final AppliedStartup APPLIED = new AppliedStartup(
            BEFORE, "uid-1", 3, new Local("a", PublicAddress.NONE, null), "", Stage.CONFIGURED, null);

    @Test
    void saysWhichGenerationIsInEffect() {
        assertThat(generation(AFTER, "uid-1", true)).isEqualTo(7);
        assertThat(generation(BEFORE, "uid-1", false))
                .as("nothing is to change")
                .isEqualTo(7);
        assertThat(generation(AFTER, "uid-1", false))
                .as("it waits for its turn")
                .isEqualTo(3);
    }

    @Test
    void doesNotTakeTheGenerationOfADeletedNetworkForThatOfItsSuccessor() {
        assertThat(generation(AFTER, "uid-2", false)).isZero();
        assertThat(generation(BEFORE, "uid-2", false)).isEqualTo(7);
    }

    private static long generation(Network network, String uid, boolean permitted) {
        return APPLIED.effective(new Directive.Join(network, uid, 7, permitted)).generation();
    }

    private static Network network(String add) {
        return Specs.whole("{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: %s}}".formatted(add));
    }
}

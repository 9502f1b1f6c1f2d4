package dev.flannelx.reconcile;

import static dev.flannelx.reconcile.TestPeers.DONE;
import static dev.flannelx.reconcile.TestPeers.FAILED;
import static dev.flannelx.reconcile.TestPeers.T0;
import static dev.flannelx.reconcile.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.Hook;
import dev.flannelx.network.HookCommands;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What an add, or a remove, that must be done again is done with. */
class PeerRepeatTest {
    private static final HookCommands NEWER =
            new HookCommands(null, null, "newer add", "newer del", null, null, null, null);
    private static final HookCommands NO_REMOVE = new HookCommands(null, null, "add", null, null, null, null, null);

    @Test
    void undoesAnAddByTheCommandAndTheArgumentsOfThatAdd() {
        var test = new TestPeers(TestPeers.COMMANDS);
        test.desire(T0, peer(1, "a", "old"));
        test.runs(Hook.SUBNET_ADD, peer(1, "a", "old"), DONE, T0);
        test.configure(NEWER, T0);
        test.desire(T0, peer(1, "a", "new"));

        PeerTask remove = test.takes(Hook.SUBNET_REMOVE, peer(1, "a", "old"), T0);
        assertThat(remove.invocation().command()).isEqualTo("del");
        test.finish(remove, FAILED, T0);
        PeerTask add = test.takes(Hook.SUBNET_ADD, peer(1, "a", "new"), T0);
        assertThat(add.invocation().command()).isEqualTo("newer add");
    }

    @Test
    void repeatsOnlyTheAddWhereNothingCanBeRemovedAndSaysSoWhereThatFails() {
        var test = new TestPeers(NO_REMOVE);
        test.desire(T0, peer(1, "a", ""));
        test.runs(Hook.SUBNET_ADD, peer(1, "a", ""), FAILED, T0);
        assertThat(test.peers.failures().getFirst().message()).isEqualTo("no");

        Instant second = test.later(T0);
        test.runs(Hook.SUBNET_ADD, peer(1, "a", ""), FAILED, second);
        assertThat(test.peers.failures().getFirst().message()).isEqualTo("NotRepeatable: no");

        test.runs(Hook.SUBNET_ADD, peer(1, "a", ""), DONE, test.later(second));
        assertThat(test.peers.failures()).isEmpty();
    }

    @Test
    void triesARemoveThatWasSetAsideAgainAtARestart() {
        var test = new TestPeers(TestPeers.COMMANDS);
        test.restore(new AppliedPeer(peer(1, "a", ""), TestPeers.COMMANDS.peers(), AppliedPeer.State.SET_ASIDE, null));
        test.desire(T0);
        test.peers.renewAll(T0);
        Instant collected = test.next(T0).isEmpty() ? test.later(T0) : T0;
        assertThat(test.next(collected)).isEmpty();
        test.confirmGone(collected);
        test.runs(Hook.SUBNET_REMOVE, peer(1, "a", ""), DONE, collected);
        assertThat(test.peers.counts()).isEqualTo(NetworkStatus.Peers.NONE);
    }
}

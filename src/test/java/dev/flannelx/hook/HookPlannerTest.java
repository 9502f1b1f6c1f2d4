package dev.flannelx.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.ip.Address;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands.PeerCommands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HookPlannerTest {
    private static final Subnet SUBNET = Leases.subnet("10.50.7.0/24");
    private static final PeerCommands COMMANDS = new PeerCommands("add", "remove", null);
    private static final Peer PEER = peer("192.0.2.7", "node7", "data");

    private static Peer peer(String address, String node, String data) {
        return new Peer(SUBNET, new PublicAddress(Address.parse(address).orElseThrow(), null), node, data);
    }

    private static AppliedPeer applied(State state) {
        return new AppliedPeer(PEER, COMMANDS, state, null);
    }

    @Test
    void addsWhatIsMissing() {
        assertThat(HookPlanner.plan(PEER, null, COMMANDS)).isEqualTo(new PeerPlan.Add(PEER));
        assertThat(HookPlanner.plan(null, null, COMMANDS)).isEqualTo(new PeerPlan.Settled());
    }

    @Test
    void leavesAloneWhatIsInPlace() {
        assertThat(HookPlanner.plan(PEER, applied(State.APPLIED), COMMANDS)).isEqualTo(new PeerPlan.Settled());
    }

    @Test
    void replacesWhatHasOtherArguments() {
        AppliedPeer old = applied(State.APPLIED);
        Peer elsewhere = peer("192.0.2.8", "node7", "data");
        Peer otherData = peer("192.0.2.7", "node7", "other data");
        assertThat(HookPlanner.plan(elsewhere, old, COMMANDS)).isEqualTo(new PeerPlan.Replace(old, elsewhere));
        assertThat(HookPlanner.plan(otherData, old, COMMANDS)).isEqualTo(new PeerPlan.Replace(old, otherData));
    }

    @Test
    void replacesWhatOtherCommandsApplied() {
        AppliedPeer old = applied(State.APPLIED);
        assertThat(HookPlanner.plan(PEER, old, new PeerCommands("add", "other remove", null)))
                .isEqualTo(new PeerPlan.Replace(old, PEER));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"APPLIED", "SET_ASIDE"},
            mode = EnumSource.Mode.EXCLUDE)
    void replacesWhatIsNotSurelyThereAndRemovesItWhereNobodyWantsIt(State state) {
        assertThat(HookPlanner.plan(PEER, applied(state), COMMANDS))
                .isEqualTo(new PeerPlan.Replace(applied(state), PEER));
        assertThat(HookPlanner.plan(null, applied(state), COMMANDS)).isEqualTo(new PeerPlan.Remove(applied(state)));
    }

    @Test
    void removesAnotherNodesPeerBeforeAnything() {
        AppliedPeer old = applied(State.APPLIED);
        assertThat(HookPlanner.plan(peer("192.0.2.7", "node8", "data"), old, COMMANDS))
                .isEqualTo(new PeerPlan.Remove(old));
    }

    @Test
    void letsWhatWasSetAsideBeUntilSomethingIsToBeAddedThere() {
        AppliedPeer old = applied(State.SET_ASIDE);
        Peer newcomer = peer("192.0.2.8", "node8", "");
        assertThat(HookPlanner.plan(null, old, COMMANDS)).isEqualTo(new PeerPlan.Settled());
        assertThat(HookPlanner.plan(newcomer, old, COMMANDS)).isEqualTo(new PeerPlan.Replace(old, newcomer));
        assertThat(HookPlanner.plan(PEER, old, COMMANDS)).isEqualTo(new PeerPlan.Replace(old, PEER));
    }
}

package dev.flannelx.hook;

import dev.flannelx.network.HookCommands.PeerCommands;
import org.jspecify.annotations.Nullable;

/** Decides what a subnet needs. It looks at one subnet alone; the order between subnets is the reconciler's. */
public final class HookPlanner {
    private static final PeerPlan SETTLED = new PeerPlan.Settled();

    private HookPlanner() {}

    /**
     * The plan for one subnet.
     *
     * @param desired the peer that should be there, or null
     * @param applied what is there, or null
     * @param commands the ones in effect; a peer that others applied is applied again
     */
    public static PeerPlan plan(@Nullable Peer desired, @Nullable AppliedPeer applied, PeerCommands commands) {
        if (applied == null) {
            return desired == null ? SETTLED : new PeerPlan.Add(desired);
        }
        boolean setAside = applied.state() == AppliedPeer.State.SET_ASIDE;
        if (desired == null) {
            return setAside ? SETTLED : new PeerPlan.Remove(applied);
        }
        if (!setAside && !desired.node().equals(applied.peer().node())) {
            return new PeerPlan.Remove(applied);
        }
        boolean inPlace = applied.state() == AppliedPeer.State.APPLIED
                && applied.peer().equals(desired)
                && applied.commands().equals(commands);
        return inPlace ? SETTLED : new PeerPlan.Replace(applied, desired);
    }
}

package dev.flannelx.hook;

import dev.flannelx.network.HookCommands.PeerCommands;
import org.jspecify.annotations.Nullable;

/**
 * What this node did about a peer, with the arguments and command texts that it used.
 *
 * @param run the hook run that is under way, or null; after a crash what is left of it is ended first
 */
public record AppliedPeer(
        Peer peer,
        PeerCommands commands,
        State state,
        @Nullable String run) {
    /** How far it got. */
    public enum State {
        /** An add (or the remove before its repetition) is under way or was interrupted. */
        ADDING,
        /** A remove is under way or was interrupted. */
        REMOVING,
        /** Something failed, or was found gone: nobody knows what is there. */
        HALF_APPLIED,
        /** In place. */
        APPLIED,
        /** Its remove kept failing: tried again at restart, and before the next add there. */
        SET_ASIDE
    }

    public AppliedPeer in(State newState) {
        return new AppliedPeer(peer, commands, newState, null);
    }

    public AppliedPeer in(State newState, String newRun) {
        return new AppliedPeer(peer, commands, newState, newRun);
    }
}

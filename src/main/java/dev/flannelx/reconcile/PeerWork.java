package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import org.jspecify.annotations.Nullable;

/** What an agent remembers of its dealings with one subnet; nothing of it outlives the agent. */
final class PeerWork {
    /** Failures in a row of what is being tried now. */
    int attempts;
    /** The remove before the repeated add has been done. */
    boolean cleanedUp;
    /** A batch with only this peer failed: it goes alone until it succeeds. */
    boolean alone;
    /** A check has found it in place since its add, so that a later finding means that it went. */
    boolean proven;

    NetworkStatus.@Nullable Failure failure;

    void startAfresh() {
        attempts = 0;
        cleanedUp = false;
    }

    /** The peer was added, or is gone: nothing is failing, and no check has seen it yet. */
    void applied() {
        startAfresh();
        alone = false;
        proven = false;
        failure = null;
    }

    /** A check found it in place. */
    void proven() {
        startAfresh();
        proven = true;
        failure = null;
    }

    void failed(Hook hook, Peer peer, HookOutcome outcome, String note) {
        attempts++;
        cleanedUp = false;
        alone = true;
        failure = Failures.of(hook, peer.subnet(), attempts, outcome, note);
    }
}

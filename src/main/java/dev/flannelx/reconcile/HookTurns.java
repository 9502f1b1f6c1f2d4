package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hands out hooks. The node's own and its peers' take turns: a startup that begins, starts over or ends has the node to
 * itself; once it is up, peers are reconciled; on the way down the peers go first. Not thread-safe.
 */
final class HookTurns {
    private final Function<Hook, String> runs;
    private int underWay;

    /**
     * Turns that have not begun.
     *
     * @param runs gives each run of a hook its id
     */
    HookTurns(Function<Hook, String> runs) {
        this.runs = runs;
    }

    boolean areQuiet() {
        return underWay == 0;
    }

    /** The next hook to run, now in the caller's hands; empty if there is none now. */
    Optional<HookTask> next(Situation situation, Instant now) {
        AppliedStartup applied = situation.applied();
        if (situation.peers() == null || applied == null || underWay >= applied.parallelism()) {
            return Optional.empty();
        }
        Optional<HookTask> task = switch (situation.directive()) {
            case null -> Optional.empty();
            case Directive.Hold _ -> Optional.empty();
            case Directive.TearDown() -> nextDown(situation, now);
            case Directive.Join join ->
                situation.isGoingDown() ? nextDown(situation, now) : nextUp(situation, join, applied, now);
        };
        if (task.isPresent()) {
            underWay++;
        }
        return task;
    }

    private Optional<HookTask> nextUp(Situation situation, Directive.Join join, AppliedStartup applied, Instant now) {
        StartupReconciler startup = situation.startup();
        PeerReconciler peers = situation.requirePeers();
        boolean alone = startup.startsOver() || applied.stage() != Stage.CONFIGURED;
        if (!alone || peers.isIdle()) {
            Optional<NodeTask> task = startup.next(applied.effective(join), situation.self(), runs, now);
            if (task.isPresent()) {
                return task.map(HookTask.OfNode::new);
            }
        }
        return startup.isUp() && situation.synced()
                ? peers.next(runs, now).map(HookTask.OfPeers::new)
                : Optional.empty();
    }

    private Optional<HookTask> nextDown(Situation situation, Instant now) {
        StartupReconciler startup = situation.startup();
        PeerReconciler peers = situation.requirePeers();
        if (!startup.isBusy() && !peers.isDrained()) {
            return peers.next(runs, now).map(HookTask.OfPeers::new);
        }
        return startup.nextDown(runs, now).map(HookTask.OfNode::new);
    }

    /** The hook could not be begun: its intent could not be written. */
    void notBegun(HookTask task, Situation situation, Instant now) {
        underWay--;
        switch (task) {
            case HookTask.OfNode(NodeTask node) -> situation.startup().notBegun(node, now);
            case HookTask.OfPeers(PeerTask peer) -> situation.requirePeers().notBegun(peer, now);
        }
    }

    /** The hook has run. */
    void finished(HookTask task, HookOutcome outcome, Situation situation, Instant now) {
        underWay--;
        switch (task) {
            case HookTask.OfNode(NodeTask node) ->
                situation.startup().finished(node, outcome, situation.isGoingDown(), now);
            case HookTask.OfPeers(PeerTask peer) -> situation.requirePeers().finished(peer, outcome, now);
        }
    }
}

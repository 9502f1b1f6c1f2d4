package dev.flannelx.reconcile;

import dev.flannelx.hook.HookInvocation;
import java.util.List;

/** A hook to run, whoever's it is. */
sealed interface HookTask {
    record OfNode(NodeTask task) implements HookTask {}

    record OfPeers(PeerTask task) implements HookTask {}

    default String run() {
        return switch (this) {
            case OfNode(NodeTask task) -> task.run();
            case OfPeers(PeerTask task) -> task.run();
        };
    }

    default HookInvocation invocation() {
        return switch (this) {
            case OfNode(NodeTask task) -> task.invocation();
            case OfPeers(PeerTask task) -> task.invocation();
        };
    }

    default int attempt() {
        return switch (this) {
            case OfNode(NodeTask task) -> task.attempt();
            case OfPeers(PeerTask task) -> task.operations().getFirst().attempt();
        };
    }

    /** What the journal must say before it runs. */
    default List<JournalEntry> intents() {
        return switch (this) {
            case OfNode(NodeTask task) ->
                task.invocation().hook().isCheck() ? List.of() : List.of(new JournalEntry.PutStartup(task.intent()));
            case OfPeers(PeerTask task) -> task.intents();
        };
    }
}

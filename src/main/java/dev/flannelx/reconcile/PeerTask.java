package dev.flannelx.reconcile;

import dev.flannelx.hook.HookInvocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One hook run that does one operation, or as a batch several.
 *
 * @param run its id
 */
record PeerTask(String run, List<PeerOperation> operations, HookInvocation invocation) {
    PeerTask {
        operations = List.copyOf(operations);
    }

    /** What the journal must say before it runs. */
    List<JournalEntry> intents() {
        var intents = new ArrayList<JournalEntry>();
        for (PeerOperation operation : operations) {
            Optional<JournalEntry> intent = operation.intent(run);
            if (intent.isPresent()) {
                intents.add(intent.get());
            }
        }
        return intents;
    }
}

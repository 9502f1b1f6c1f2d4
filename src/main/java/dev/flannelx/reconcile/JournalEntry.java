package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.lease.Subnet;

/** One step of the journal. The last entry for a thing is what is true of it. */
public sealed interface JournalEntry {
    record PutStartup(AppliedStartup startup) implements JournalEntry {}

    record PutPeer(AppliedPeer applied) implements JournalEntry {}

    record DropPeer(Subnet subnet) implements JournalEntry {}
}

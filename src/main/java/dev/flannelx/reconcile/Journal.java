package dev.flannelx.reconcile;

import java.io.IOException;
import java.util.List;

/** What this node has applied of one network, kept as long as the kernel keeps its state. Not thread-safe. */
public interface Journal {
    /**
     * Reads what an earlier agent left; empty after a reboot or in another network namespace. Called once, first.
     *
     * @throws IOException if it is there and cannot be read at all
     */
    JournalState load() throws IOException;

    /**
     * Adds entries, all or none of them, so that a later {@link #load()} finds them even if this process is killed.
     *
     * @throws IOException if they could not be kept (a full disk); the same entries may be offered again
     */
    void append(List<JournalEntry> entries) throws IOException;

    /** Forgets the network, with the private directory of its hooks. */
    void erase() throws IOException;
}

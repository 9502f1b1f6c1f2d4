package dev.flannelx.reconcile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the journal's two promises: an intent is written before its hook runs, and an outcome that could not be written
 * (a full disk) is written before any other hook runs. Not thread-safe.
 */
final class JournalWriter {
    private final Journal journal;
    private final List<JournalEntry> pending = new ArrayList<>();

    JournalWriter(Journal journal) {
        this.journal = journal;
    }

    /** Notes what has happened; it is written by the next {@link #flush}. */
    void note(JournalEntry entry) {
        pending.add(entry);
    }

    /**
     * Writes what was noted and these intents, in this order.
     *
     * @throws IOException if they could not be kept: what was noted stays noted, the intents are dropped
     */
    void flush(List<JournalEntry> intents) throws IOException {
        var all = new ArrayList<>(pending);
        all.addAll(intents);
        if (!all.isEmpty()) {
            journal.append(all);
            pending.clear();
        }
    }

    boolean isBehind() {
        return !pending.isEmpty();
    }

    void erase() throws IOException {
        journal.erase();
        pending.clear();
    }
}

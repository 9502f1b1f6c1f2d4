package dev.flannelx.reconcile;

import java.io.IOException;
import java.util.List;

/** A journal that outlives the agent that writes it, as a file would. */
final class MemoryJournal implements Journal {
    volatile JournalState state = JournalState.EMPTY;
    volatile boolean full;

    @Override
    public JournalState load() {
        return state;
    }

    @Override
    public void append(List<JournalEntry> entries) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        state = state.after(entries);
    }

    @Override
    public void erase() {
        state = JournalState.EMPTY;
    }
}

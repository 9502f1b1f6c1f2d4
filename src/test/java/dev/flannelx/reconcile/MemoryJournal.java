package dev.flannelx.reconcile;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal that outlives the agent that writes it, as a file would. */
final class MemoryJournal implements Journal {
    volatile JournalState state = JournalState.EMPTY;
    volatile boolean full;
    /** How often something could not be written. */
    final AtomicInteger refusals = new AtomicInteger();

    @Override
    public JournalState load() {
        return state;
    }

    @Override
    public void append(List<JournalEntry> entries) throws IOException {
        if (full) {
            refusals.incrementAndGet();
            throw new IOException("No space left on device");
        }
        state = state.after(entries);
    }

    @Override
    public void erase() {
        state = JournalState.EMPTY;
    }
}

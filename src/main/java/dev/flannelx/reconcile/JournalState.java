package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.lease.Subnet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says this node has applied.
 *
 * @param startup null where nothing ever began
 * @param damaged some of it could not be read, so that nothing here says that it is done
 */
public record JournalState(@Nullable AppliedStartup startup, Map<Subnet, AppliedPeer> peers, boolean damaged) {
    public static final JournalState EMPTY = new JournalState(null, Map.of(), false);

    public JournalState {
        peers = Map.copyOf(peers);
    }

    /** The state that those entries lead to from this one. */
    public JournalState after(List<JournalEntry> entries) {
        var content = new JournalContent(this);
        content.apply(entries);
        return content.state(damaged);
    }
}

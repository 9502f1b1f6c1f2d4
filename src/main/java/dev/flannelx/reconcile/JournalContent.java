package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a journal says, entry by entry: each costs the same however much there is. Not thread-safe. */
public final class JournalContent {
    private final Map<Subnet, AppliedPeer> peers;
    private @Nullable AppliedStartup startup;

    /** The content that a state has. */
    public JournalContent(JournalState state) {
        startup = state.startup();
        peers = new LinkedHashMap<>(state.peers());
    }

    public void apply(List<JournalEntry> entries) {
        for (JournalEntry entry : entries) {
            switch (entry) {
                case JournalEntry.PutStartup(AppliedStartup put) -> startup = put;
                case JournalEntry.PutPeer(AppliedPeer put) ->
                    peers.put(put.peer().subnet(), put);
                case JournalEntry.DropPeer(Subnet subnet) -> peers.remove(subnet);
            }
        }
    }

    /** Entries that lead to the same from nothing. */
    public List<JournalEntry> entries() {
        var entries = new ArrayList<JournalEntry>();
        if (startup != null) {
            entries.add(new JournalEntry.PutStartup(startup));
        }
        peers.values().forEach(peer -> entries.add(new JournalEntry.PutPeer(peer)));
        return entries;
    }

    public int peerCount() {
        return peers.size();
    }

    /** Takes for half done what it says is done: part of what was written since could not be read. */
    public void doubt() {
        peers.replaceAll((subnet, peer) -> peer.state() == State.APPLIED ? peer.in(State.HALF_APPLIED) : peer);
        if (startup != null && !startup.wasInterrupted()) {
            startup = startup.in(Stage.CONFIGURING, null);
        }
    }

    /** The same as a value. */
    public JournalState state(boolean damaged) {
        return new JournalState(startup, peers, damaged);
    }
}

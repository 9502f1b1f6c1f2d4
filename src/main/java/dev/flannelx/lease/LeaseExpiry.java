package dev.flannelx.lease;

import dev.flannelx.network.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose leases have expired. A Node that is gone, or came back as another, has lost its leases at once. A Node that is
 * there loses them when it was not ready and its agent sent no heartbeat for all of the lease duration.
 *
 * <p>Time is counted by whoever looks, on a clock that does not jump, from what it saw itself: the heartbeat's own time
 * stamp is only compared with the one before, so that no clock of another machine counts. Whoever did not look for a
 * while cannot say what was meanwhile, and counts afresh. Not thread-safe.
 */
public final class LeaseExpiry {
    /** A longer pause between two looks is a gap. */
    public static final Duration GAP = Duration.ofMinutes(2);

    private final Map<String, Watched> watched = new HashMap<>();
    private @Nullable Instant lastLook;
    private boolean paused;

    /**
     * A Node as it is now.
     *
     * @param ready whether the Node's {@code Ready} condition is true
     * @param heartbeat the time stamp that its agent wrote last, or null
     */
    public record Holder(
            String uid, boolean ready, @Nullable Instant heartbeat) {}

    /** What is to become of a lease. */
    public sealed interface Verdict {
        record Keep() implements Verdict {}

        /** Kept, with something that a person should know. */
        record Report(String message) implements Verdict {}

        /** To be deleted, or emptied where it is reserved. */
        record Expire(String reason) implements Verdict {}
    }

    private record Watched(Holder holder, Instant silentSince, Instant notReadySince) {
        Watched after(Holder newer, Instant now) {
            boolean same = newer.uid().equals(holder.uid());
            boolean silent = same && Objects.equals(newer.heartbeat(), holder.heartbeat());
            boolean notReady = same && !newer.ready() && !holder.ready();
            return new Watched(newer, silent ? silentSince : now, notReady ? notReadySince : now);
        }
    }

    /**
     * Looks at all Nodes.
     *
     * @param now on a clock that does not jump
     */
    public void look(Map<String, Holder> nodes, Instant now) {
        forgetAfterGap(now);
        paused = false;
        lastLook = now;
        watched.keySet().retainAll(nodes.keySet());
        nodes.forEach((node, holder) -> watched.merge(
                node, new Watched(holder, now, now), (before, fresh) -> before.after(fresh.holder(), now)));
    }

    /**
     * Does not look, since what there is to be seen may be old: until the next look every lease is kept. Time goes on, unless
     * that makes a gap.
     *
     * @param now on the clock of the looks
     */
    public void pause(Instant now) {
        forgetAfterGap(now);
        paused = true;
    }

    /** Whether every lease is kept until the next look. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether the node's agent has sent no heartbeat for that long, as far as this has looked. */
    public boolean isSilent(String node, Duration duration) {
        Watched seen = watched.get(node);
        return seen != null && isOver(seen.silentSince(), duration);
    }

    /** What the last look means for a lease. */
    public Verdict judge(Lease lease, Duration leaseDuration) {
        if (paused || lastLook == null || lease.nodeUid().isEmpty()) {
            return new Verdict.Keep();
        }
        Watched node = watched.get(lease.node());
        if (node == null) {
            return new Verdict.Expire("Node %s is gone".formatted(lease.node()));
        }
        if (!node.holder().uid().equals(lease.nodeUid())) {
            return new Verdict.Expire("Node %s is another one now: its uid is %s"
                    .formatted(lease.node(), node.holder().uid()));
        }
        if (!isOver(node.silentSince(), leaseDuration)) {
            return new Verdict.Keep();
        }
        if (node.holder().ready()) {
            return new Verdict.Report("Node %s is ready, but its agent was silent for %s"
                    .formatted(lease.node(), Spans.format(leaseDuration)));
        }
        return isOver(node.notReadySince(), leaseDuration)
                ? new Verdict.Expire("Node %s was not ready and its agent silent for %s"
                        .formatted(lease.node(), Spans.format(leaseDuration)))
                : new Verdict.Keep();
    }

    private void forgetAfterGap(Instant now) {
        if (lastLook != null && lastLook.plus(GAP).isBefore(now)) {
            watched.clear();
            lastLook = null;
        }
    }

    private boolean isOver(Instant since, Duration duration) {
        return lastLook != null && !since.plus(duration).isAfter(lastLook);
    }
}

package dev.flannelx.app.status;

import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.reconcile.NetworkStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a node is shown to a person. */
final class NodeState {
    static final String READY = "ready";

    private static final int SECONDS_AT_MOST = 120;
    private static final int MINUTES_AT_MOST = 120;
    private static final int HOURS_AT_MOST = 48;

    private NodeState() {}

    /**
     * Where the node stands with a network, in one word: {@link #READY} if nothing is out of the ordinary.
     *
     * @param node null where nobody may look
     */
    static String word(SeenFlannelNode agent, @Nullable SeenNode node, NetworkStatus standing, Instant now) {
        if (node != null && !node.ready()) {
            return "NodeNotReady";
        }
        if (isSilent(agent, now)) {
            return "Silent";
        }
        if (!standing.reason().isEmpty()) {
            return standing.reason();
        }
        return standing.ready() ? READY : standing.phase().text();
    }

    /** Whether the agent has sent no heartbeat for too long, or never. */
    static boolean isSilent(SeenFlannelNode agent, Instant now) {
        Instant last = agent.renewTime();
        return last == null || last.plus(SeenFlannelNode.HEARTBEAT_PATIENCE).isBefore(now);
    }

    /** When the agent was heard of last. */
    static String heardOf(SeenFlannelNode agent, Instant now) {
        Instant last = agent.renewTime();
        if (last == null) {
            return "never";
        }
        Duration age = Duration.between(last, now);
        if (age.toSeconds() < SECONDS_AT_MOST) {
            return Math.max(0, age.toSeconds()) + "s ago";
        }
        if (age.toMinutes() < MINUTES_AT_MOST) {
            return age.toMinutes() + "m ago";
        }
        return age.toHours() < HOURS_AT_MOST ? age.toHours() + "h ago" : age.toDays() + "d ago";
    }
}

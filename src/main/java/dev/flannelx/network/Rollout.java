package dev.flannelx.network;

import java.time.Duration;

/**
 * How a change of commands goes from node to node.
 *
 * @param maxUnavailable a count of nodes ({@code 2}) or a percentage of them ({@code 10%}), checked when decoded
 * @param timeout after which a node that is not ready halts the roll-out
 */
public record Rollout(String maxUnavailable, Duration timeout) {
    public static final Rollout DEFAULT = new Rollout("1", Duration.ofMinutes(5));

    /** How many of {@code nodes} may be unavailable at once: at least 1, a percentage rounded down. */
    public int budget(int nodes) {
        int number = Integer.parseInt(maxUnavailable.replace("%", ""));
        return Math.max(1, maxUnavailable.endsWith("%") ? (int) ((long) nodes * number / 100) : number);
    }
}

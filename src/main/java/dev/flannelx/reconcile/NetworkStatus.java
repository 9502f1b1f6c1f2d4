package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node stands with one network, for status, health, metrics and people.
 *
 * @param generation of the spec in effect here; 0 before any
 * @param subnet this node's, or null
 * @param reason one CamelCase word, empty where nothing is out of the ordinary
 * @param failures at most {@value #MAX_FAILURES}, the longest failing first
 */
public record NetworkStatus(
        String network,
        Phase phase,
        long generation,
        @Nullable Subnet subnet,
        boolean ready,
        String reason,
        String message,
        Peers peers,
        List<Failure> failures) {
    public static final int MAX_FAILURES = 10;

    /** The {@code reason} of a node that found every subnet taken. */
    public static final String POOL_EXHAUSTED = "PoolExhausted";

    /** The {@code reason} of a node that does without some leases, and an event's. */
    public static final String LEASES_SKIPPED = "LeasesSkipped";

    public NetworkStatus {
        failures = List.copyOf(failures);
    }

    /** The same for that reason, where nothing else is out of the ordinary. */
    public NetworkStatus otherwise(String newReason, String newMessage) {
        return reason.isEmpty()
                ? new NetworkStatus(network, phase, generation, subnet, ready, newReason, newMessage, peers, failures)
                : this;
    }

    /**
     * Counts of peers.
     *
     * @param desired by the leases
     * @param applied in place with the right arguments
     * @param failing whose last attempt failed
     * @param removing applied, no longer desired, and neither removed nor set aside yet
     */
    public record Peers(int desired, int applied, int failing, int removing) {
        public static final Peers NONE = new Peers(0, 0, 0, 0);
    }

    /**
     * A hook that fails.
     *
     * @param peer the peer's subnet, or null for a hook of the node itself
     * @param attempts in a row
     * @param exitCode the shell's, or null where it did not exit by itself
     * @param message the last line of its stderr, or what was wrong instead
     */
    public record Failure(
            String hook,
            @Nullable Subnet peer,
            int attempts,
            @Nullable Integer exitCode,
            String message) {}
}

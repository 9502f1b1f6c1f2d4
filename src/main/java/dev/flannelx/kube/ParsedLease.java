package dev.flannelx.kube;

import dev.flannelx.lease.Lease;

/** What became of a SubnetLease that somebody wrote. */
sealed interface ParsedLease {
    /** It is one. Whether it counts is another question. */
    record Understood(Lease lease) implements ParsedLease {}

    /**
     * It is none, which harms nobody else.
     *
     * @param network that it says it is of, or empty
     * @param problem names field, value and what was wanted
     */
    record Nonsense(String network, String problem) implements ParsedLease {}
}

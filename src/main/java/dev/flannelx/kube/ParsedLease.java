package dev.flannelx.kube;

import dev.flannelx.lease.Lease;

/** What became of a SubnetLease that somebody wrote. */
sealed interface ParsedLease {
    /** It is one. Whether it counts is another question. */
    record Understood(Lease lease) implements ParsedLease {}

    /** It is none, which harms nobody else; {@code problem} names field, value and what was wanted. */
    record Nonsense(String problem) implements ParsedLease {}
}

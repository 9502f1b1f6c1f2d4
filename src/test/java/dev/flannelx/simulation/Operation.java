package dev.flannelx.simulation;

import dev.flannelx.hook.Hook;
import java.util.Map;
import java.util.Set;

/** Something that was done in a simulated cluster. */
sealed interface Operation {
    /** How an attempt to have a lease ended. */
    enum Answer {
        HELD,
        TAKEN,
        REFUSED,
        /** No answer came, so that nobody knows. */
        LOST
    }

    /** A node wrote a lease, to have it or to say something new with it. */
    record Claim(String node, String subnet, Answer answer) implements Operation {}

    /**
     * Somebody gave a lease up, or took it away.
     *
     * @param done whether that happened; it may have where nobody knows
     */
    record Freeing(String by, String subnet, boolean done) implements Operation {
        /** One who may do as they like. */
        static final String PERSON = "somebody";
    }

    /**
     * A hook ended on a node.
     *
     * @param subnet of the peer, or of the node itself; empty where the hook knows none
     * @param arguments all others
     * @param done whether it did its work, whatever it said
     */
    record HookEnd(String node, Hook hook, String subnet, String arguments, boolean done) implements Operation {}

    /** A node lost what its hooks had made. */
    record Reboot(String node) implements Operation {}

    /**
     * Everything is quiet.
     *
     * @param wanted each node's peers, as subnet and arguments
     */
    record Rest(Map<String, Set<String>> wanted) implements Operation {}
}

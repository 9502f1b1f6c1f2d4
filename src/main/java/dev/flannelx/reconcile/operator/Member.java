package dev.flannelx.reconcile.operator;

import org.jspecify.annotations.Nullable;

/**
 * A node with regard to one network.
 *
 * @param selected whether the spec's {@code nodeSelector} matches it
 * @param joined whether it has something of the network
 * @param answers whether somebody there would read an order: neither its kubelet nor its agent is known to be silent
 * @param ready its part is ready, the Node is, and its agent shows signs of life
 * @param generation of the spec in effect there; 0 before any
 * @param ordered the generation that it was last told it may apply, or null
 * @param failing how many peers' last attempt failed
 */
record Member(
        String node,
        boolean selected,
        boolean joined,
        boolean answers,
        boolean ready,
        long generation,
        @Nullable Long ordered,
        int failing) {}

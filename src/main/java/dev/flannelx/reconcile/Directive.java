package dev.flannelx.reconcile;

import dev.flannelx.network.Network;

/** What this node is to do about a network. */
public sealed interface Directive {
    /**
     * Join it.
     *
     * @param uid of the resource
     * @param permitted whether a changed spec may take effect here now (see Roll-outs); without a journal it does anyway
     */
    record Join(Network network, String uid, long generation, boolean permitted) implements Directive {}

    /**
     * Leave everything as it is and run no hook: paused, refused, invalid.
     *
     * @param phase {@link Phase#PAUSED} or {@link Phase#REFUSED}
     */
    record Hold(Phase phase, String reason, String message) implements Directive {}

    /** Take down what the journal holds, give the lease up, forget the network. */
    record TearDown() implements Directive {}
}

package dev.flannelx.hook;

/** What is to be done about one subnet, going by what is desired and what is applied. */
public sealed interface PeerPlan {
    /** Nothing: there is agreement, or what is left was set aside. */
    record Settled() implements PeerPlan {}

    /** Nothing is there: add the peer. */
    record Add(Peer peer) implements PeerPlan {}

    /** Something is there that is not quite this: remove it as it was added, best effort, then add the peer. */
    record Replace(AppliedPeer old, Peer peer) implements PeerPlan {}

    /** The peer that is there has no business there: remove it. */
    record Remove(AppliedPeer old) implements PeerPlan {}
}

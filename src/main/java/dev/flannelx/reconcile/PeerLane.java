package dev.flannelx.reconcile;

/** What kind of attempt a peer waits for, the most urgent first. */
enum PeerLane {
    /** The other half of something begun: a remove was done so that an add can follow. */
    CONTINUE,
    REMOVE,
    ADD,
    RETRY,
    CHECK
}

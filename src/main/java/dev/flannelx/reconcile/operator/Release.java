package dev.flannelx.reconcile.operator;

/** Whether a network whose deletion was asked for may go. */
public enum Release {
    NO,
    /** Nobody has anything left of it. */
    DONE,
    /** Some nodes have, and were waited for long enough. */
    TIMED_OUT
}

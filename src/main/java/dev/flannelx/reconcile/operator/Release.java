package dev.flannelx.reconcile.operator;

/** Whether a network whose deletion was asked for may go. */
public enum Release {
    NO,
    /** Nobody says to have anything left of it: it may, if that is because nobody has. */
    DONE,
    /** The same, and it was waited for long enough: it may, whatever the reason. */
    DONE_LATE,
    /** Some nodes have, and were waited for long enough. */
    TIMED_OUT
}

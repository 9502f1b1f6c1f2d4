package dev.flannelx.reconcile;

/** What a Node's {@code Ready} condition says. */
public enum NodeHealth {
    READY,
    NOT_READY,
    /** {@code Unknown}: nobody there has been heard of for a while. */
    SILENT
}

package dev.flannelx.reconcile.operator;

/** Hears what an operator does. Calls come from several threads and must return at once. */
public interface OperatorObserver {
    /** Whether this one leads, from now on. */
    default void leading(boolean leads) {}

    /** A network was looked at by the one that leads. */
    default void reported(String network, NetworkReport report) {}

    /** The network is gone. */
    default void gone(String network) {}
}

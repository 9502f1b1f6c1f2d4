package dev.flannelx.kube.operator;

/** What an operator reconciles. */
sealed interface Key {
    record OfNetwork(String name) implements Key {}

    record OfNode(String name) implements Key {}

    /** All leases, and what is left of networks that are gone. */
    record Leases() implements Key {}
}

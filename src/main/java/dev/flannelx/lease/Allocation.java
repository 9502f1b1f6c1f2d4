package dev.flannelx.lease;

/** What the allocator says to a node that wants a subnet. */
public sealed interface Allocation {
    /** This one is free as far as is known. */
    record Free(Subnet subnet) implements Allocation {}

    /** Every subnet of the range is taken; {@code message} says which range. */
    record Exhausted(String message) implements Allocation {}
}

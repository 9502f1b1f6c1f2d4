package dev.flannelx.metrics;

/**
 * What the operator counts of one network.
 *
 * @param subnetsAllocated that nodes have
 * @param subnetsCapacity that there are to hand out
 * @param nodesTotal that are to join
 * @param nodesReady of these
 * @param nodesUpdated of these, to the latest spec
 * @param rolloutHalted whether a roll-out stopped at a node that did not get ready
 */
public record NetworkFigures(
        long subnetsAllocated,
        long subnetsCapacity,
        int nodesTotal,
        int nodesReady,
        int nodesUpdated,
        boolean rolloutHalted) {}

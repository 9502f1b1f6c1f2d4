package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NodeOrder;

/**
 * What the operator told a node about a network, and should not stand there any more.
 *
 * @param found the order as it was seen
 * @param left what is to be left of it: {@link NodeOrder#NONE} for nothing
 */
public record StaleOrder(String node, String network, NodeOrder found, NodeOrder left) {}

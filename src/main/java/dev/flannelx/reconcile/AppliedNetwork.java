package dev.flannelx.reconcile;

import dev.flannelx.network.Network;

/**
 * The network that this node's journal holds.
 *
 * @param uid of the resource that it came from
 * @param network the spec in effect here
 */
public record AppliedNetwork(String uid, Network network) {}

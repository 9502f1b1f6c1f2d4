package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * What a node wants of the lease store.
 *
 * @param data to publish with the lease
 * @param previous the subnet that the node had, or null
 * @param mayMove whether another subnet will do where {@code previous} has become another node's
 */
record ClaimRequest(
        Network network, Self self, String data, @Nullable Subnet previous, boolean mayMove) {}

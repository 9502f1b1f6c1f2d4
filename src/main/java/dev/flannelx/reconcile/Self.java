package dev.flannelx.reconcile;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * This node, as the cluster knows it.
 *
 * @param uid which a recreated Node of the same name does not share
 * @param podSubnet the Node's {@code spec.podCIDRs}, or null; what a network with source {@code NodePodCIDR} claims
 */
public record Self(
        String node,
        String uid,
        PublicAddress publicAddress,
        @Nullable Subnet podSubnet) {}

package dev.flannelx.lease;

import java.time.Instant;

/**
 * A SubnetLease: a node holds a subnet of a network.
 *
 * @param node the holder's name
 * @param nodeUid the holder's uid, which a recreated Node of the same name does not share; empty where nobody owns it
 *     (a reservation that nobody took yet)
 * @param backendData PreStartup's output there; at most {@value BackendData#MAX_BYTES} bytes
 * @param acquireTime when the holder says that it took it
 * @param createTime when the store says that it was created; of two leases that overlap the older counts
 * @param reserved made by a person: only {@code node} takes it, and it outlives release and expiry
 */
public record Lease(
        String network,
        String node,
        String nodeUid,
        Subnet subnet,
        PublicAddress publicAddress,
        String backendType,
        String backendData,
        Instant acquireTime,
        Instant createTime,
        boolean reserved) {

    public Lease withPublished(String newNodeUid, PublicAddress newAddress, String newType, String newData) {
        return new Lease(
                network, node, newNodeUid, subnet, newAddress, newType, newData, acquireTime, createTime, reserved);
    }
}

package dev.flannelx.hook;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Another node, as the hooks know it: these are all the arguments of an add.
 *
 * @param data its backend data, without a trailing newline
 */
public record Peer(Subnet subnet, PublicAddress publicAddress, String node, String data) {
    /** Written out, since a record's own takes longer, and peers are compared for every hook. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Peer peer
                        && subnet.equals(peer.subnet)
                        && publicAddress.equals(peer.publicAddress)
                        && node.equals(peer.node)
                        && data.equals(peer.data));
    }

    @Override
    public int hashCode() {
        return Objects.hash(subnet, publicAddress, node, data);
    }
}

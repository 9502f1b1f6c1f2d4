package dev.flannelx.lease;

import dev.flannelx.ip.Address;
import org.jspecify.annotations.Nullable;

/** Where other nodes reach a node: its address of each family, or null. */
public record PublicAddress(
        @Nullable Address ipv4, @Nullable Address ipv6) {
    public static final PublicAddress NONE = new PublicAddress(null, null);

    public boolean isEmpty() {
        return ipv4 == null && ipv6 == null;
    }
}

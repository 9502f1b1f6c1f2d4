package dev.flannelx.hook;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import org.jspecify.annotations.Nullable;

/**
 * This node, as the hooks know it.
 *
 * @param subnet null until it is claimed
 */
public record Local(
        String node, PublicAddress publicAddress, @Nullable Subnet subnet) {}

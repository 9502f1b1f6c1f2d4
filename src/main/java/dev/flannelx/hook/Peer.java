package dev.flannelx.hook;

import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;

/**
 * Another node, as the hooks know it: these are all the arguments of an add.
 *
 * @param data its backend data, without a trailing newline
 */
public record Peer(Subnet subnet, PublicAddress publicAddress, String node, String data) {}

package dev.flannelx.lease;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.time.Instant;

/** Leases for tests. */
public final class Leases {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private Leases() {}

    /** A subnet of one or, separated by a comma, two families. */
    public static Subnet subnet(String text) {
        Cidr ipv4 = null;
        Cidr ipv6 = null;
        for (String part : text.split(",", -1)) {
            Cidr cidr = Cidr.parse(part).orElseThrow(() -> new AssertionError(part));
            if (cidr.family() == Family.IPV4) {
                ipv4 = cidr;
            } else {
                ipv6 = cidr;
            }
        }
        return new Subnet(ipv4, ipv6);
    }

    /** The lease of a node that says where it can be reached. */
    public static Lease lease(String node, String subnet, String publicIp) {
        Lease lease = lease(node, subnet, 0);
        return lease.withPublished(
                lease.nodeUid(), new PublicAddress(address(publicIp), null), lease.backendType(), lease.backendData());
    }

    /** @param age in seconds after some fixed moment */
    static Lease lease(String node, String subnet, int age) {
        return new Lease(
                "demo",
                node,
                "uid-" + node,
                subnet(subnet),
                new PublicAddress(address("192.0.2.1"), null),
                "extension",
                "data",
                T0,
                T0.plusSeconds(age),
                false);
    }

    static Lease reservation(String node, String subnet, int age) {
        return new Lease("demo", node, "", subnet(subnet), PublicAddress.NONE, "", "", T0, T0.plusSeconds(age), true);
    }

    static Lease withData(Lease lease, String type, String data) {
        return lease.withPublished(lease.nodeUid(), lease.publicAddress(), type, data);
    }

    public static Lease inNetwork(Lease lease, String network) {
        return new Lease(
                network,
                lease.node(),
                lease.nodeUid(),
                lease.subnet(),
                lease.publicAddress(),
                lease.backendType(),
                lease.backendData(),
                lease.acquireTime(),
                lease.createTime(),
                lease.reserved());
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }
}

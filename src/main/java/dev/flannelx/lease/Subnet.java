package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one node holds of a network: a subnet of each family that the network has. It is also a peer's identity.
 *
 * @param ipv4 aligned, or null; at least one family is there
 * @param ipv6 aligned, or null
 */
public record Subnet(@Nullable Cidr ipv4, @Nullable Cidr ipv6) implements Comparable<Subnet> {
    public Subnet {
        if (ipv4 == null && ipv6 == null) {
            throw new IllegalArgumentException("a subnet has at least one family");
        }
        if ((ipv4 != null && !ipv4.isAligned()) || (ipv6 != null && !ipv6.isAligned())) {
            throw new IllegalArgumentException("a subnet has no host bits: " + ipv4 + " " + ipv6);
        }
    }

    /** The families that are there, IPv4 first. */
    public List<Cidr> families() {
        if (ipv4 == null || ipv6 == null) {
            return List.of(canonical());
        }
        return List.of(ipv4, ipv6);
    }

    /** The subnet that names the lease: the IPv4 one where there is one. */
    public Cidr canonical() {
        return ipv4 == null ? Objects.requireNonNull(ipv6) : ipv4;
    }

    public boolean overlaps(Subnet other) {
        return (ipv4 != null && other.ipv4 != null && ipv4.overlaps(other.ipv4))
                || (ipv6 != null && other.ipv6 != null && ipv6.overlaps(other.ipv6));
    }

    @Override
    public int compareTo(Subnet other) {
        return canonical().compareTo(other.canonical());
    }

    @Override
    public String toString() {
        return families().stream().map(Cidr::toString).collect(Collectors.joining(","));
    }
}

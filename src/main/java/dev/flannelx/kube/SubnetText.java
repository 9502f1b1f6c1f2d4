package dev.flannelx.kube;

import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.Subnet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A subnet where the API has a text for each family. */
final class SubnetText {
    private SubnetText() {}

    /** The first of each family; null if no text is a CIDR. */
    static @Nullable Subnet parse(List<String> texts) {
        List<Cidr> cidrs = texts.stream()
                .map(Cidr::parse)
                .flatMap(Optional::stream)
                .map(Cidr::masked)
                .toList();
        Cidr ipv4 = first(cidrs, Family.IPV4);
        Cidr ipv6 = first(cidrs, Family.IPV6);
        return ipv4 == null && ipv6 == null ? null : new Subnet(ipv4, ipv6);
    }

    private static @Nullable Cidr first(List<Cidr> cidrs, Family family) {
        return cidrs.stream()
                .filter(cidr -> cidr.family() == family)
                .findFirst()
                .orElse(null);
    }
}

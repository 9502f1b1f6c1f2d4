package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Subnets that can be asked who overlaps whom. Two CIDRs overlap when one contains the other, so a question is a look-up
 * for its own prefix length and each shorter one that there is; for each longer one it is a look at all that would fit into
 * the asked one, or at all that there are, whichever are fewer.
 */
public final class SubnetIndex {
    /** Who has a CIDR, by prefix length; no map or set in there is empty. */
    private final Map<Integer, Map<Cidr, Set<Subnet>>> ipv4 = new HashMap<>();

    private final Map<Integer, Map<Cidr, Set<Subnet>>> ipv6 = new HashMap<>();

    public void add(Subnet subnet) {
        for (Cidr cidr : subnet.families()) {
            byLength(cidr)
                    .computeIfAbsent(cidr.prefixLength(), key -> new HashMap<>())
                    .computeIfAbsent(cidr, key -> new HashSet<>())
                    .add(subnet);
        }
    }

    public void remove(Subnet subnet) {
        for (Cidr cidr : subnet.families()) {
            Map<Cidr, Set<Subnet>> ofLength = byLength(cidr).getOrDefault(cidr.prefixLength(), Map.of());
            Set<Subnet> subnets = ofLength.getOrDefault(cidr, Set.of());
            if (subnets.contains(subnet)) {
                subnets.remove(subnet);
                removeEmpty(cidr, subnets, ofLength);
            }
        }
    }

    private void removeEmpty(Cidr cidr, Set<Subnet> subnets, Map<Cidr, Set<Subnet>> ofLength) {
        if (subnets.isEmpty()) {
            ofLength.remove(cidr);
        }
        if (ofLength.isEmpty()) {
            byLength(cidr).remove(cidr.prefixLength());
        }
    }

    /** Every subnet in here that shares an address with this one, itself included: a set of the caller's own. */
    public Set<Subnet> overlapping(Subnet subnet) {
        var found = new HashSet<Subnet>();
        for (Cidr cidr : subnet.families()) {
            for (var ofLength : byLength(cidr).entrySet()) {
                int length = ofLength.getKey();
                if (length <= cidr.prefixLength()) {
                    Cidr outer = new Cidr(cidr.address(), length).masked();
                    found.addAll(ofLength.getValue().getOrDefault(outer, Set.of()));
                } else {
                    addWithin(cidr, length, ofLength.getValue(), found);
                }
            }
        }
        return found;
    }

    /** Adds those of a greater length that are within a CIDR. */
    private static void addWithin(Cidr cidr, int length, Map<Cidr, Set<Subnet>> longer, Set<Subnet> found) {
        int bits = length - cidr.prefixLength();
        if (bits < Integer.SIZE - 1 && 1 << bits <= longer.size()) {
            for (int number = 0; number < 1 << bits; number++) {
                Cidr part = cidr.part(BigInteger.valueOf(number), length);
                found.addAll(longer.getOrDefault(part, Set.of()));
            }
        } else {
            longer.forEach((inner, subnets) -> {
                if (cidr.contains(inner)) {
                    found.addAll(subnets);
                }
            });
        }
    }

    private Map<Integer, Map<Cidr, Set<Subnet>>> byLength(Cidr cidr) {
        return switch (cidr.family()) {
            case IPV4 -> ipv4;
            case IPV6 -> ipv6;
        };
    }
}

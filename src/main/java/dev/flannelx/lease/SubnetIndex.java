package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Subnets that can be asked who overlaps whom. Two CIDRs overlap when one contains the other, so a question is a look
 * at each prefix of the asked one that some have the length of, and, where some are longer, at the addresses below it.
 */
public final class SubnetIndex {
    private final TreeMap<Cidr, Set<Subnet>> holders = new TreeMap<>();
    /** How many CIDRs of each length there are, by family. */
    private final Map<Family, Map<Integer, Integer>> prefixLengths = new EnumMap<>(Family.class);

    public void add(Subnet subnet) {
        for (Cidr cidr : subnet.families()) {
            if (holders.computeIfAbsent(cidr, key -> new HashSet<>()).add(subnet)) {
                prefixLengths
                        .computeIfAbsent(cidr.family(), key -> new HashMap<>())
                        .merge(cidr.prefixLength(), 1, Integer::sum);
            }
        }
    }

    public void remove(Subnet subnet) {
        for (Cidr cidr : subnet.families()) {
            holders.computeIfPresent(cidr, (key, subnets) -> {
                if (subnets.remove(subnet)) {
                    lengths(cidr)
                            .computeIfPresent(cidr.prefixLength(), (length, count) -> count == 1 ? null : count - 1);
                }
                return subnets.isEmpty() ? null : subnets;
            });
        }
    }

    /** Every subnet in here that shares an address with this one, itself included. */
    public Set<Subnet> overlapping(Subnet subnet) {
        var found = new HashSet<Subnet>();
        for (Cidr cidr : subnet.families()) {
            boolean longer = false;
            for (int length : lengths(cidr).keySet()) {
                if (length <= cidr.prefixLength()) {
                    found.addAll(holders.getOrDefault(new Cidr(cidr.address(), length).masked(), Set.of()));
                }
                longer |= length > cidr.prefixLength();
            }
            if (longer) {
                addWithin(cidr, found);
            }
        }
        return found;
    }

    /** What is counted for its family; to be changed only where a CIDR of that is in here. */
    private Map<Integer, Integer> lengths(Cidr cidr) {
        return prefixLengths.getOrDefault(cidr.family(), Map.of());
    }

    private void addWithin(Cidr cidr, Set<Subnet> found) {
        Cidr last = new Cidr(cidr.lastAddress(), cidr.family().bits());
        holders.subMap(new Cidr(cidr.address(), 0), true, last, true).forEach((inner, subnets) -> {
            if (cidr.contains(inner)) {
                found.addAll(subnets);
            }
        });
    }
}

package dev.flannelx.hook;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The peers that a node should have: every other node's lease, as the hooks know it. */
public final class DesiredPeers {
    /** Of a node's several leases: a reservation before others, then the oldest, as the node itself chooses. */
    private static final Comparator<Lease> PREFERRED = Comparator.comparing(Lease::reserved)
            .reversed()
            .thenComparing(Lease::createTime)
            .thenComparing(Lease::subnet);

    private DesiredPeers() {}

    /**
     * One peer for each other node that can be reached, in the order of their subnets. A subnet that this node's own pods
     * live in is no peer's as long as they do, whoever has its lease: to route it away would cut them off.
     *
     * @param counted leases that count: on the network's grid, none overlapping another
     * @param own the subnet that this node is up with, or null
     */
    public static Map<Subnet, Peer> of(Collection<Lease> counted, String node, @Nullable Subnet own) {
        var chosen = new HashMap<String, Lease>();
        for (Lease lease : counted) {
            if (!lease.node().equals(node) && !lease.publicAddress().isEmpty()) {
                chosen.merge(lease.node(), lease, (one, other) -> PREFERRED.compare(one, other) <= 0 ? one : other);
            }
        }
        var peers = new LinkedHashMap<Subnet, Peer>();
        chosen.values().stream()
                .filter(lease -> own == null || !lease.subnet().overlaps(own))
                .sorted(Comparator.comparing(Lease::subnet))
                .forEach(lease -> peers.put(
                        lease.subnet(),
                        new Peer(lease.subnet(), lease.publicAddress(), lease.node(), lease.backendData())));
        return peers;
    }
}

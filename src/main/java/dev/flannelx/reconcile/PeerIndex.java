package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import dev.flannelx.lease.SubnetIndex;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Peers by all that hooks may key them by: a WireGuard peer is its node's, a route its subnet's. One peer for each
 * subnet.
 */
final class PeerIndex {
    private final Map<Subnet, String> nodes = new HashMap<>();
    private final Map<String, Set<Subnet>> byNode = new HashMap<>();
    private final SubnetIndex bySubnet = new SubnetIndex();

    /** Adds a peer, or puts it in the place of its subnet's. */
    void put(Peer peer) {
        if (peer.node().equals(nodes.get(peer.subnet()))) {
            return;
        }
        remove(peer.subnet());
        nodes.put(peer.subnet(), peer.node());
        byNode.computeIfAbsent(peer.node(), key -> new HashSet<>()).add(peer.subnet());
        bySubnet.add(peer.subnet());
    }

    void remove(Subnet subnet) {
        String node = nodes.remove(subnet);
        if (node != null) {
            bySubnet.remove(subnet);
            Set<Subnet> subnets = Objects.requireNonNull(byNode.get(node));
            subnets.remove(subnet);
            if (subnets.isEmpty()) {
                byNode.remove(node);
            }
        }
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    boolean contains(Subnet subnet) {
        return nodes.containsKey(subnet);
    }

    /** Subnets of others that have a peer's node, or part of its subnet: a hook for one may undo what another's did. */
    Set<Subnet> rivalsOf(Peer peer) {
        Set<Subnet> rivals = bySubnet.overlapping(peer.subnet());
        rivals.addAll(byNode.getOrDefault(peer.node(), Set.of()));
        rivals.remove(peer.subnet());
        return rivals;
    }
}

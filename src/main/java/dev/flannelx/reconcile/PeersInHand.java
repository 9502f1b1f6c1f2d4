package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The peers that hooks are under way for, and those that wait for another one. Hooks of one subnet or one node are never
 * under way together.
 */
final class PeersInHand {
    private final PeerIndex inHand = new PeerIndex();
    private final Map<Subnet, Set<Subnet>> waiting = new HashMap<>();

    boolean areNone() {
        return inHand.isEmpty();
    }

    boolean have(Subnet subnet) {
        return inHand.contains(subnet);
    }

    /** A peer of another subnet whose hook has to end before one of this peer may begin. */
    Optional<Subnet> rivalOf(Peer peer) {
        Set<Subnet> rivals = inHand.rivalsOf(peer);
        return rivals.isEmpty() ? Optional.empty() : Optional.of(Collections.min(rivals));
    }

    void take(Peer peer) {
        inHand.put(peer);
    }

    void release(Subnet subnet) {
        inHand.remove(subnet);
    }

    /** {@code subnet} is to be looked at again once {@code other} has moved on. */
    void waitFor(Subnet other, Subnet subnet) {
        waiting.computeIfAbsent(other, key -> new LinkedHashSet<>()).add(subnet);
    }

    /** Those that waited for this one; they no longer do. */
    Set<Subnet> takeWaiting(Subnet other) {
        Set<Subnet> subnets = waiting.remove(other);
        return subnets == null ? Set.of() : subnets;
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.HookPlanner;
import dev.flannelx.hook.Peer;
import dev.flannelx.hook.PeerPlan;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands.PeerCommands;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Desired peers against applied ones, by subnet, and which of them stand in each other's way. */
final class PeerTable {
    private final Map<Subnet, Peer> desired = new HashMap<>();
    private final Map<Subnet, Instant> seenAt = new HashMap<>();
    private final Map<Subnet, AppliedPeer> applied = new HashMap<>();
    private final PeerIndex index = new PeerIndex();
    private PeerCommands commands = new PeerCommands(null, null, null);
    private boolean draining;

    void setCommands(PeerCommands newCommands) {
        commands = newCommands;
    }

    PeerCommands commands() {
        return commands;
    }

    /** While draining no peer is desired. */
    void setDraining(boolean newDraining) {
        draining = newDraining;
    }

    boolean isDraining() {
        return draining;
    }

    /** Takes a new set of desired peers; returns the subnets for which something changed. */
    Set<Subnet> desire(Map<Subnet, Peer> peers, Instant now) {
        var changed = new HashSet<Subnet>();
        for (Subnet subnet : List.copyOf(desired.keySet())) {
            if (!peers.containsKey(subnet)) {
                desired.remove(subnet);
                seenAt.remove(subnet);
                changed.add(subnet);
            }
        }
        peers.forEach((subnet, peer) -> {
            if (!peer.equals(desired.put(subnet, peer))) {
                seenAt.put(subnet, now);
                changed.add(subnet);
            }
        });
        return changed;
    }

    @Nullable
    Peer desired(Subnet subnet) {
        return draining ? null : desired.get(subnet);
    }

    /** When the desired peer was first seen as it is. */
    Instant seenAt(Subnet subnet, Instant otherwise) {
        return seenAt.getOrDefault(subnet, otherwise);
    }

    @Nullable
    AppliedPeer applied(Subnet subnet) {
        return applied.get(subnet);
    }

    List<AppliedPeer> applied() {
        return List.copyOf(applied.values());
    }

    int appliedCount() {
        return applied.size();
    }

    int desiredCount() {
        return desired.size();
    }

    /** How many desired peers are in place with the right arguments. */
    int settledCount() {
        return (int) desired.keySet().stream().filter(this::isInPlace).count();
    }

    /** How many applied peers are still to be removed. */
    int removingCount() {
        return (int) applied.keySet().stream()
                .filter(subnet -> plan(subnet) instanceof PeerPlan.Remove)
                .count();
    }

    /** Those whose remove was given up, sorted. */
    List<Subnet> setAside() {
        return applied.values().stream()
                .filter(peer -> peer.state() == AppliedPeer.State.SET_ASIDE)
                .map(peer -> peer.peer().subnet())
                .sorted()
                .toList();
    }

    /** Every subnet that is desired or applied. */
    Set<Subnet> subnets() {
        var all = new HashSet<>(desired.keySet());
        all.addAll(applied.keySet());
        return all;
    }

    void put(AppliedPeer peer) {
        index.put(peer.peer());
        applied.put(peer.peer().subnet(), peer);
    }

    void drop(Subnet subnet) {
        index.remove(subnet);
        applied.remove(subnet);
    }

    PeerPlan plan(Subnet subnet) {
        return HookPlanner.plan(desired(subnet), applied.get(subnet), commands);
    }

    /** Applied peers that must go before this one can come: they have its node, or part of its subnet. */
    Optional<Subnet> blockerOf(Peer peer) {
        Set<Subnet> rivals = rivalsOf(peer);
        return rivals.isEmpty()
                ? Optional.empty()
                : rivals.stream()
                        .filter(rival -> plan(rival) instanceof PeerPlan.Remove)
                        .min(Comparator.naturalOrder());
    }

    /** Other applied peers that have its node, or part of its subnet. */
    Set<Subnet> rivalsOf(Peer peer) {
        return index.rivalsOf(peer);
    }

    private boolean isInPlace(Subnet subnet) {
        return HookPlanner.plan(desired.get(subnet), applied.get(subnet), commands) instanceof PeerPlan.Settled;
    }
}

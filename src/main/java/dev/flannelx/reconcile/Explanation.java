package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import java.util.List;
import java.util.Optional;

/**
 * Why a node stands where it does: the one thing that a person should look at first.
 *
 * @param reason one CamelCase word, empty where nothing is out of the ordinary
 */
record Explanation(String reason, String message) {
    private static final Explanation NONE = new Explanation("", "");

    /** @param trouble what the last chore or the journal met with, or empty */
    static Explanation of(Situation situation, String trouble) {
        Directive directive = situation.directive();
        if (directive instanceof Directive.Hold(Phase _, String reason, String message)) {
            return new Explanation(reason, message);
        }
        Optional<NetworkStatus.Failure> startup = situation.startup().failure();
        if (startup.isPresent()) {
            var failure = startup.get();
            return new Explanation("StartupFailing", failure.hook() + ": " + failure.message());
        }
        LeaseWatch lease = situation.lease();
        if (!lease.trouble().isEmpty()) {
            return new Explanation(lease.trouble(), lease.message());
        }
        if (!trouble.isEmpty()) {
            return new Explanation("Troubled", trouble);
        }
        if (!situation.synced() && !(directive instanceof Directive.TearDown)) {
            return new Explanation("NotSynced", "the leases have not been seen yet");
        }
        return situation.peers() == null ? NONE : ofPeers(situation.peers());
    }

    private static Explanation ofPeers(PeerReconciler peers) {
        if (peers.removalsHeld() > 0) {
            return new Explanation(
                    "RemovalsHeld",
                    peers.removalsHeld() + " peers vanished within a minute: their removal waits for removalGrace");
        }
        var failures = peers.failures();
        if (failures.isEmpty()) {
            return ofSetAside(peers.setAside());
        }
        var first = failures.getFirst();
        boolean notRepeatable = first.message().startsWith(PeerOutcomes.NOT_REPEATABLE);
        return new Explanation(
                notRepeatable ? PeerOutcomes.NOT_REPEATABLE : "PeersFailing",
                first.hook() + " of " + first.peer() + ": " + first.message());
    }

    private static Explanation ofSetAside(List<Subnet> subnets) {
        return subnets.isEmpty()
                ? NONE
                : new Explanation(
                        "SetAside",
                        "removes that were given up: %d, first that of %s: what they were to take away may still be here"
                                .formatted(subnets.size(), subnets.getFirst()));
    }
}

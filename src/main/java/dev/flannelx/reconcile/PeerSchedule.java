package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.Peer;
import dev.flannelx.hook.PeerPlan;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers which peer is to be looked at when, and which are in hand. The queue's lanes give removes before adds, first
 * attempts before retries, retries before checks.
 */
final class PeerSchedule {
    private final PeerTable table;
    private final PeerWorks works = new PeerWorks();
    private final ReconcileQueue<Subnet, PeerLane> queue = new ReconcileQueue<>(PeerLane.class);
    private final RemovalGate gate = new RemovalGate();
    private final CheckBudget checks;
    private final PeersInHand hands = new PeersInHand();
    private Network network;

    PeerSchedule(PeerTable table, Network network, CheckBudget checks) {
        this.table = table;
        this.network = network;
        this.checks = checks;
    }

    /** What the peers are held to. */
    Network network() {
        return network;
    }

    void setNetwork(Network newNetwork) {
        network = newNetwork;
    }

    PeerWork work(Subnet subnet) {
        return works.of(subnet);
    }

    List<NetworkStatus.Failure> failures() {
        return works.failures();
    }

    ReconcileQueue<Subnet, PeerLane> queue() {
        return queue;
    }

    RemovalGate gate() {
        return gate;
    }

    boolean isIdle() {
        return hands.areNone();
    }

    /** Something changed about this subnet: its next attempt is a first one. */
    void renew(Subnet subnet, Instant now) {
        work(subnet).startAfresh();
        if (table.desired(subnet) != null) {
            gate.returned(subnet);
        }
        offer(subnet, now);
    }

    void renewAll(Instant now) {
        table.subnets().forEach(subnet -> renew(subnet, now));
    }

    /** Offers a subnet to the lane that its plan belongs to, unless it is in someone's hands. */
    void offer(Subnet subnet, Instant now) {
        if (hands.have(subnet)) {
            return;
        }
        switch (table.plan(subnet)) {
            case PeerPlan.Settled() -> settle(subnet, now);
            case PeerPlan.Remove _ -> {
                gate.vanished(subnet, now);
                if (table.desired(subnet) != null) {
                    gate.hurry(subnet);
                }
                queue.offer(subnet, PeerLane.REMOVE, now);
            }
            case PeerPlan.Add _, PeerPlan.Replace _ -> {
                unpark(subnet, now);
                queue.offer(subnet, PeerLane.ADD, now);
            }
        }
    }

    Backoff backoff() {
        return Backoff.of(network.settings());
    }

    /** Offers a subnet again after a failure. */
    void retry(Subnet subnet, Duration delay, Instant now) {
        queue.offer(subnet, PeerLane.RETRY, now.plus(delay));
    }

    /** Offers an operation again that could not be begun, as urgent as it was: what goes together still does. */
    void postpone(PeerOperation operation, Duration delay, Instant now) {
        PeerLane lane = switch (operation.kind()) {
            case ADD, ADD_OVER, CLEANUP -> PeerLane.ADD;
            case REMOVE -> PeerLane.REMOVE;
            case CHECK -> PeerLane.CHECK;
        };
        queue.offer(operation.subnet(), lane, now.plus(delay));
    }

    /** Offers a removal when it need not wait any longer. */
    void removeAt(Subnet subnet, Instant at) {
        queue.offer(subnet, PeerLane.REMOVE, at);
    }

    /** Offers the second half of something begun before anything else. */
    void proceed(Subnet subnet, Instant now) {
        queue.offer(subnet, PeerLane.CONTINUE, now);
    }

    /** Offers a subnet a period after its check; at once, if by now there is more to be done about it than to check it. */
    void checked(Subnet subnet, Instant now) {
        if (table.plan(subnet) instanceof PeerPlan.Settled) {
            checkAgain(subnet, now.plus(network.settings().checkPeriod()));
        } else {
            offer(subnet, now);
        }
    }

    private void checkAgain(Subnet subnet, Instant at) {
        queue.offer(subnet, PeerLane.CHECK, at);
    }

    /** Those that waited for this peer may go on, unless they have come to wait for a moment of their own. */
    void unpark(Subnet subnet, Instant now) {
        for (Subnet waiting : hands.takeWaiting(subnet)) {
            if (!queue.holds(waiting)) {
                offer(waiting, now);
            }
        }
    }

    boolean isInHand(Subnet subnet) {
        return hands.have(subnet);
    }

    /**
     * Takes an operation in hand. Where a hook is under way that has to end before, it is not taken, and its subnet is
     * offered again then.
     */
    Optional<PeerOperation> take(PeerOperation operation) {
        Optional<Subnet> rival = hands.rivalOf(operation.peer());
        if (rival.isPresent()) {
            hands.waitFor(rival.get(), operation.subnet());
            return Optional.empty();
        }
        hands.take(operation.peer());
        return Optional.of(operation);
    }

    /** Lets go of an operation that is not to be begun now, and is to come before others. */
    void putBack(PeerOperation operation, Instant now) {
        hands.release(operation.subnet());
        proceed(operation.subnet(), now);
    }

    /** A subnet has to wait for another one's removal, which is hurried. */
    void waitForRemoval(Subnet subnet, Subnet blocker, Instant now) {
        hands.waitFor(blocker, subnet);
        if (gate.hurry(blocker)) {
            offer(blocker, now);
        }
    }

    /** The hook of an operation has ended. */
    void release(PeerOperation operation, Duration took, Instant now) {
        hands.release(operation.subnet());
        if (operation.kind() == PeerOperation.Kind.CHECK) {
            checks.finished(took, now);
        }
        unpark(operation.subnet(), now);
    }

    /** Peers whose removal waits for a consistent read; each is named once until it is offered again. */
    List<Peer> takeUnconfirmed() {
        return gate.takeUnconfirmed().stream()
                .map(table::applied)
                .filter(Objects::nonNull)
                .map(AppliedPeer::peer)
                .toList();
    }

    /** When there may be an operation, if nothing happens before. */
    Optional<Instant> nextAt(Instant now) {
        Optional<Instant> check = queue.isReady(PeerLane.CHECK, now) ? checks.nextAt() : Optional.empty();
        return Stream.concat(queue.nextAt().stream(), check.stream()).min(Comparator.naturalOrder());
    }

    /** Nothing is to be done about a subnet but to check it now and again. */
    void settle(Subnet subnet, Instant now) {
        unpark(subnet, now);
        if (table.applied(subnet) == null && table.desired(subnet) == null) {
            works.forget(subnet);
            queue.withdraw(subnet);
        } else if (network.commands().subnetCheck() != null) {
            checkAgain(subnet, work(subnet).proven ? now.plus(network.settings().checkPeriod()) : now);
        } else {
            queue.withdraw(subnet);
        }
    }
}

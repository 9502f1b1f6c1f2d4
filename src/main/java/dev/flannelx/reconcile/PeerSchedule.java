package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Peer;
import dev.flannelx.hook.PeerPlan;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which peer is next and what is to be done about it.
 *
 * <p>A subnet is never in two hands at once. An add waits while another applied peer that has its node or part of its
 * subnet is still to be removed: it is parked under that peer, whose removal is hurried, and offered again when that one
 * settles. The queue's lanes give removes before adds, first attempts before retries, retries before checks.
 */
final class PeerSchedule {
    private static final int BATCH_LINES = 1000;

    private final PeerTable table;
    private final Map<Subnet, PeerWork> works = new HashMap<>();
    private final ReconcileQueue<Subnet, PeerLane> queue = new ReconcileQueue<>(PeerLane.class);
    private final RemovalGate gate = new RemovalGate();
    private final CheckBudget checkBudget = new CheckBudget();
    private final Set<Subnet> busy = new HashSet<>();
    private final Map<Subnet, Set<Subnet>> parked = new HashMap<>();
    private final Set<Subnet> unconfirmed = new LinkedHashSet<>();
    private boolean askedForConfirmation;
    /** The halves of batches that failed, each to be run as a batch of its own. */
    private final ArrayDeque<List<Subnet>> halves = new ArrayDeque<>();

    private Network network;

    PeerSchedule(PeerTable table, Network network) {
        this.table = table;
        this.network = network;
    }

    void setNetwork(Network newNetwork) {
        network = newNetwork;
    }

    PeerWork work(Subnet subnet) {
        return works.computeIfAbsent(subnet, key -> new PeerWork());
    }

    /** What is failing, the most often tried first. */
    List<NetworkStatus.Failure> failures() {
        return works.values().stream()
                .<NetworkStatus.Failure>mapMulti((work, sink) -> {
                    if (work.failure != null) {
                        sink.accept(work.failure);
                    }
                })
                .sorted(Comparator.comparingInt(NetworkStatus.Failure::attempts).reversed())
                .toList();
    }

    ReconcileQueue<Subnet, PeerLane> queue() {
        return queue;
    }

    RemovalGate gate() {
        return gate;
    }

    boolean isIdle() {
        return busy.isEmpty();
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
        if (busy.contains(subnet)) {
            return;
        }
        switch (table.plan(subnet)) {
            case PeerPlan.Settled() -> settle(subnet, now);
            case PeerPlan.Remove _ -> {
                gate.vanished(subnet, now);
                queue.offer(subnet, PeerLane.REMOVE, now);
            }
            case PeerPlan.Add _, PeerPlan.Replace _ -> {
                unpark(subnet, now);
                queue.offer(subnet, PeerLane.ADD, now);
            }
        }
    }

    /** Offers a subnet again after a failure. */
    void retry(Subnet subnet, Duration delay, Instant now) {
        queue.offer(subnet, PeerLane.RETRY, now.plus(delay));
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

    /** Those that waited for this peer to settle may go on. */
    void unpark(Subnet subnet, Instant now) {
        Set<Subnet> waiting = parked.remove(subnet);
        if (waiting != null) {
            waiting.forEach(each -> offer(each, now));
        }
    }

    /** Splits a batch that failed; the halves go next. */
    void halve(List<Subnet> subnets) {
        int middle = subnets.size() / 2;
        halves.add(subnets.subList(0, middle));
        halves.add(subnets.subList(middle, subnets.size()));
    }

    void release(PeerOperation operation, Duration took, Instant now) {
        busy.remove(operation.subnet());
        if (operation.kind() == PeerOperation.Kind.CHECK) {
            checkBudget.finished(took, now);
        }
    }

    /** Whether a consistent read has become wanted since the last call. */
    boolean takeAskedForConfirmation() {
        boolean asked = askedForConfirmation;
        askedForConfirmation = false;
        return asked;
    }

    /** Peers whose removal waits for a consistent read; each is named once until it is offered again. */
    List<Peer> takeUnconfirmed() {
        var peers = new ArrayList<Peer>();
        for (Subnet subnet : unconfirmed) {
            AppliedPeer applied = table.applied(subnet);
            if (applied != null) {
                peers.add(applied.peer());
            }
        }
        unconfirmed.clear();
        return peers;
    }

    /**
     * The operations of the next hook run, several only where one batch command does them all; they are in the caller's
     * hands until {@link #release}. Empty if there is none yet.
     */
    List<PeerOperation> next(Instant now) {
        while (!halves.isEmpty()) {
            List<PeerOperation> batch = gather(new ArrayDeque<>(halves.remove()), now);
            if (!batch.isEmpty()) {
                return batch;
            }
        }
        for (Optional<Subnet> subnet = queue.poll(now); subnet.isPresent(); subnet = queue.poll(now)) {
            Optional<PeerOperation> operation = prepare(subnet.get(), now);
            if (operation.isPresent()) {
                return isGregarious(operation.get()) ? gatherWith(operation.get(), now) : List.of(operation.get());
            }
        }
        return List.of();
    }

    /** A batch of the members of a half that still have something to be done by the batch command. */
    private List<PeerOperation> gather(ArrayDeque<Subnet> members, Instant now) {
        var batch = new ArrayList<PeerOperation>();
        for (Subnet subnet : members) {
            queue.withdraw(subnet);
            Optional<PeerOperation> operation = prepareChange(subnet, now);
            if (operation.isPresent() && joins(batch, operation.get())) {
                batch.add(operation.get());
            } else if (operation.isPresent()) {
                putBack(operation.get(), now);
            }
        }
        return batch;
    }

    private List<PeerOperation> gatherWith(PeerOperation first, Instant now) {
        var batch = new ArrayList<>(List.of(first));
        for (PeerLane lane : List.of(PeerLane.CONTINUE, PeerLane.REMOVE, PeerLane.ADD)) {
            while (batch.size() < BATCH_LINES) {
                Optional<Subnet> subnet = queue.poll(lane, now);
                if (subnet.isEmpty()) {
                    break;
                }
                Optional<PeerOperation> operation = prepareChange(subnet.get(), now);
                if (operation.isPresent() && !(isGregarious(operation.get()) && joins(batch, operation.get()))) {
                    putBack(operation.get(), now);
                    return batch;
                }
                operation.ifPresent(batch::add);
            }
        }
        return batch;
    }

    private static boolean joins(List<PeerOperation> batch, PeerOperation operation) {
        return operation.batchCommand().isPresent()
                && (batch.isEmpty() || batch.getFirst().batchCommand().equals(operation.batchCommand()));
    }

    private boolean isGregarious(PeerOperation operation) {
        return operation.batchCommand().isPresent() && !work(operation.subnet()).alone;
    }

    private void putBack(PeerOperation operation, Instant now) {
        busy.remove(operation.subnet());
        proceed(operation.subnet(), now);
    }

    /** What this subnet needs right now; where that is nothing yet, sees to it that it comes up again. */
    private Optional<PeerOperation> prepare(Subnet subnet, Instant now) {
        boolean settled = !busy.contains(subnet) && table.plan(subnet) instanceof PeerPlan.Settled;
        return settled ? taken(check(subnet, now)) : prepareChange(subnet, now);
    }

    /** The same without the checks. */
    private Optional<PeerOperation> prepareChange(Subnet subnet, Instant now) {
        if (busy.contains(subnet)) {
            return Optional.empty();
        }
        return taken(
                switch (table.plan(subnet)) {
                    case PeerPlan.Settled() -> {
                        settle(subnet, now);
                        yield Optional.empty();
                    }
                    case PeerPlan.Remove(AppliedPeer old) -> remove(old, now);
                    case PeerPlan.Add(Peer peer) -> add(peer, null, now);
                    case PeerPlan.Replace(AppliedPeer old, Peer peer) -> add(peer, old, now);
                });
    }

    private Optional<PeerOperation> taken(Optional<PeerOperation> operation) {
        operation.ifPresent(it -> busy.add(it.subnet()));
        return operation;
    }

    private Optional<PeerOperation> add(Peer peer, @Nullable AppliedPeer old, Instant now) {
        Optional<Subnet> blocker = table.blockerOf(peer);
        if (blocker.isPresent()) {
            parked.computeIfAbsent(blocker.get(), key -> new LinkedHashSet<>()).add(peer.subnet());
            if (gate.hurry(blocker.get())) {
                offer(blocker.get(), now);
            }
            return Optional.empty();
        }
        PeerWork work = work(peer.subnet());
        int attempt = work.attempts + 1;
        if (old == null || work.cleanedUp) {
            return Optional.of(PeerOperation.add(peer, table.commands(), attempt));
        }
        if (!old.commands().canRemove()) {
            return Optional.of(PeerOperation.addOver(peer, table.commands(), attempt));
        }
        return Optional.of(
                isRepeatableAsItIs(old, peer)
                        ? PeerOperation.add(peer, table.commands(), attempt)
                        : PeerOperation.cleanup(old, attempt));
    }

    /** A batch command is repeatable by contract, so that only what was applied differently is removed first. */
    private boolean isRepeatableAsItIs(AppliedPeer old, Peer peer) {
        return table.commands().batch() != null
                && old.commands().equals(table.commands())
                && old.peer().equals(peer)
                && old.state() != State.SET_ASIDE;
    }

    private Optional<PeerOperation> remove(AppliedPeer old, Instant now) {
        Subnet subnet = old.peer().subnet();
        RemovalGate.Verdict verdict = table.isDraining()
                ? new RemovalGate.Verdict.Pass()
                : gate.judge(subnet, table.appliedCount(), network.removalGrace(), now);
        return switch (verdict) {
            case RemovalGate.Verdict.Pass() -> Optional.of(PeerOperation.remove(old, work(subnet).attempts + 1));
            case RemovalGate.Verdict.Confirm() -> {
                askedForConfirmation |= unconfirmed.add(subnet);
                yield Optional.empty();
            }
            case RemovalGate.Verdict.Wait(Instant until) -> {
                queue.offer(subnet, PeerLane.REMOVE, until);
                yield Optional.empty();
            }
        };
    }

    private Optional<PeerOperation> check(Subnet subnet, Instant now) {
        AppliedPeer applied = table.applied(subnet);
        String command = network.commands().subnetCheck();
        if (applied == null || applied.state() != State.APPLIED || command == null) {
            return Optional.empty();
        }
        if (!checkBudget.allows(now)) {
            checkAgain(subnet, checkBudget.nextAt(now));
            return Optional.empty();
        }
        checkBudget.started();
        return Optional.of(PeerOperation.check(applied, command));
    }

    private void settle(Subnet subnet, Instant now) {
        unpark(subnet, now);
        if (table.applied(subnet) == null && table.desired(subnet) == null) {
            works.remove(subnet);
            queue.withdraw(subnet);
        } else if (network.commands().subnetCheck() != null) {
            checkAgain(subnet, work(subnet).proven ? now.plus(network.settings().checkPeriod()) : now);
        } else {
            queue.withdraw(subnet);
        }
    }
}

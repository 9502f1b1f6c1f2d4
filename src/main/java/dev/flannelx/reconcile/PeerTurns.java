package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Peer;
import dev.flannelx.hook.PeerPlan;
import dev.flannelx.lease.Subnet;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which peer is next and what is to be done about it.
 *
 * <p>A peer waits while a hook is under way for another one that has its node or part of its subnet. An add also waits
 * while such a peer is still to be removed, and hurries its removal.
 */
final class PeerTurns {
    private static final int BATCH_LINES = 1000;
    private static final List<PeerLane> FIRST_ATTEMPTS = List.of(PeerLane.CONTINUE, PeerLane.REMOVE, PeerLane.ADD);
    private static final List<PeerLane> CHANGES =
            List.of(PeerLane.CONTINUE, PeerLane.REMOVE, PeerLane.ADD, PeerLane.RETRY);

    private final PeerTable table;
    private final PeerSchedule schedule;
    private final CheckBudget checks;
    /** The halves of batches that failed, each to be run as a batch of its own. */
    private final ArrayDeque<List<Subnet>> halves = new ArrayDeque<>();

    PeerTurns(PeerTable table, PeerSchedule schedule, CheckBudget checks) {
        this.table = table;
        this.schedule = schedule;
        this.checks = checks;
    }

    /** Splits a batch that failed; the halves go next. */
    void halve(List<Subnet> subnets) {
        int middle = subnets.size() / 2;
        halves.add(subnets.subList(0, middle));
        halves.add(subnets.subList(middle, subnets.size()));
    }

    /**
     * The operations of the next hook run, several only where one batch command does them all; they are in the caller's
     * hands until {@link PeerSchedule#release}. Empty if there is none yet.
     */
    List<PeerOperation> next(Instant now) {
        while (!halves.isEmpty()) {
            List<PeerOperation> batch = gather(halves.remove(), now);
            if (!batch.isEmpty()) {
                return batch;
            }
        }
        Optional<PeerOperation> change = nextChange(now);
        if (change.isEmpty()) {
            return nextCheck(now).stream().toList();
        }
        return isGregarious(change.get()) ? gatherWith(change.get(), now) : List.of(change.get());
    }

    /** A batch of the members of a half that still have something to be done by the batch command. */
    private List<PeerOperation> gather(List<Subnet> members, Instant now) {
        var batch = new ArrayList<PeerOperation>();
        for (Subnet subnet : members) {
            schedule.queue().withdraw(subnet);
            Optional<PeerOperation> operation = prepare(subnet, now);
            if (operation.isPresent() && joins(batch, operation.get())) {
                batch.add(operation.get());
            } else if (operation.isPresent()) {
                schedule.putBack(operation.get(), now);
            }
        }
        return batch;
    }

    private List<PeerOperation> gatherWith(PeerOperation first, Instant now) {
        var batch = new ArrayList<>(List.of(first));
        while (batch.size() < BATCH_LINES) {
            Optional<Subnet> subnet = schedule.queue().poll(FIRST_ATTEMPTS, now);
            if (subnet.isEmpty()) {
                return batch;
            }
            Optional<PeerOperation> operation = prepare(subnet.get(), now);
            if (operation.isPresent() && !(isGregarious(operation.get()) && joins(batch, operation.get()))) {
                schedule.putBack(operation.get(), now);
                return batch;
            }
            operation.ifPresent(batch::add);
        }
        return batch;
    }

    private static boolean joins(List<PeerOperation> batch, PeerOperation operation) {
        return operation.batchCommand().isPresent()
                && (batch.isEmpty() || batch.getFirst().batchCommand().equals(operation.batchCommand()));
    }

    private boolean isGregarious(PeerOperation operation) {
        return operation.batchCommand().isPresent() && !schedule.work(operation.subnet()).alone;
    }

    /** What this subnet needs right now besides a check; where that is nothing yet, sees to it that it comes up again. */
    private Optional<PeerOperation> prepare(Subnet subnet, Instant now) {
        if (schedule.isInHand(subnet)) {
            return Optional.empty();
        }
        return switch (table.plan(subnet)) {
            case PeerPlan.Settled() -> {
                schedule.settle(subnet, now);
                yield Optional.empty();
            }
            case PeerPlan.Remove(AppliedPeer old) -> remove(old, now);
            case PeerPlan.Add(Peer peer) -> add(peer, null, now);
            case PeerPlan.Replace(AppliedPeer old, Peer peer) -> add(peer, old, now);
        };
    }

    private Optional<PeerOperation> add(Peer peer, @Nullable AppliedPeer old, Instant now) {
        Optional<Subnet> blocker = table.blockerOf(peer);
        if (blocker.isPresent()) {
            schedule.waitForRemoval(peer.subnet(), blocker.get(), now);
            return Optional.empty();
        }
        return schedule.take(addition(peer, old));
    }

    private PeerOperation addition(Peer peer, @Nullable AppliedPeer old) {
        PeerWork work = schedule.work(peer.subnet());
        int attempt = work.attempts + 1;
        if (old == null || work.cleanedUp) {
            return PeerOperation.add(peer, table.commands(), attempt);
        }
        if (!old.commands().canRemove()) {
            return PeerOperation.addOver(peer, table.commands(), attempt);
        }
        return isRepeatableAsItIs(old, peer)
                ? PeerOperation.add(peer, table.commands(), attempt)
                : PeerOperation.cleanup(old, attempt);
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
                : schedule.gate()
                        .judge(subnet, table.appliedCount(), schedule.network().removalGrace(), now);
        return switch (verdict) {
            case RemovalGate.Verdict.Pass() ->
                schedule.take(PeerOperation.remove(old, schedule.work(subnet).attempts + 1));
            case RemovalGate.Verdict.Confirm() -> Optional.empty();
            case RemovalGate.Verdict.Wait(Instant until) -> {
                schedule.removeAt(subnet, until);
                yield Optional.empty();
            }
        };
    }

    private Optional<PeerOperation> nextChange(Instant now) {
        while (true) {
            Optional<Subnet> subnet = schedule.queue().poll(CHANGES, now);
            if (subnet.isEmpty()) {
                return Optional.empty();
            }
            Optional<PeerOperation> operation = prepare(subnet.get(), now);
            if (operation.isPresent()) {
                return operation;
            }
        }
    }

    private Optional<PeerOperation> nextCheck(Instant now) {
        while (checks.allows(now)) {
            Optional<Subnet> subnet = schedule.queue().poll(PeerLane.CHECK, now);
            if (subnet.isEmpty()) {
                break;
            }
            Optional<PeerOperation> check = check(subnet.get());
            if (check.isPresent()) {
                checks.started();
                return check;
            }
        }
        return Optional.empty();
    }

    private Optional<PeerOperation> check(Subnet subnet) {
        AppliedPeer applied = table.applied(subnet);
        String command = schedule.network().commands().subnetCheck();
        return applied == null || applied.state() != State.APPLIED || command == null || schedule.isInHand(subnet)
                ? Optional.empty()
                : schedule.take(PeerOperation.check(applied, command));
    }
}

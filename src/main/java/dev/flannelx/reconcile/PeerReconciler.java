package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.hook.PeerPlan;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Drives one network's peers on one node until applied agrees with desired. It decides and remembers; whoever calls it
 * runs what {@link #next} hands out and says by {@link #finished} how it went. Not thread-safe.
 */
final class PeerReconciler {
    private final PeerTable table = new PeerTable();
    private final Set<Subnet> untried = new HashSet<>();
    private final PeerSchedule schedule;
    private final PeerTurns turns;
    private final PeerOutcomes outcomes;
    private Local local;

    PeerReconciler(Network network, Local local, Shared shared) {
        this.local = local;
        schedule = new PeerSchedule(table, network, shared.checks());
        turns = new PeerTurns(table, schedule, shared.checks());
        outcomes = new PeerOutcomes(table, schedule, turns, shared);
        table.setCommands(network.commands().peers());
    }

    /** Takes over what an earlier agent left. How that ended at which it was interrupted, nobody knows. */
    void restore(JournalState state) {
        for (AppliedPeer peer : state.peers().values()) {
            table.put(peer.state() == State.APPLIED ? peer : peer.in(State.HALF_APPLIED));
            schedule.work(peer.peer().subnet()).proven = true;
        }
    }

    /** Goes on with this spec and this node's own arguments; peers that other commands applied are applied again. */
    void configure(Network newNetwork, Local newLocal, Instant now) {
        local = newLocal;
        if (!newNetwork.equals(schedule.network())) {
            table.setCommands(newNetwork.commands().peers());
            schedule.setNetwork(newNetwork);
            schedule.renewAll(now);
        }
    }

    /** Takes the peers that should be there. */
    void desire(Map<Subnet, Peer> peers, Instant now) {
        table.desire(peers, now).forEach(subnet -> schedule.renew(subnet, now));
    }

    /** Looks at every subnet again, as if all had changed. */
    void renewAll(Instant now) {
        schedule.renewAll(now);
    }

    /** From now on every peer that has something to be done must be tried once before {@link #roundIsDone()}. */
    void beginRound() {
        untried.clear();
        for (Subnet subnet : table.subnets()) {
            switch (table.plan(subnet)) {
                case PeerPlan.Add _, PeerPlan.Replace _ -> untried.add(subnet);
                case PeerPlan.Settled _, PeerPlan.Remove _ -> {}
            }
        }
    }

    boolean roundIsDone() {
        untried.removeIf(subnet -> table.desired(subnet) == null);
        return untried.isEmpty();
    }

    /** Takes all peers away (or stops doing so): no grace, no confirmation, since it was decided here. */
    void drain(boolean draining, Instant now) {
        if (table.isDraining() != draining) {
            table.setDraining(draining);
            schedule.renewAll(now);
        }
    }

    boolean isDraining() {
        return table.isDraining();
    }

    /** Whether nothing is left of a drain but what was set aside. */
    boolean isDrained() {
        return isIdle() && table.applied().stream().allMatch(peer -> peer.state() == State.SET_ASIDE);
    }

    /** Whether no hook of a peer is under way. */
    boolean isIdle() {
        return schedule.isIdle();
    }

    /** What the node's own startup had built is gone or going: every peer is to be applied again. */
    void doubtAll(Instant now) {
        for (AppliedPeer peer : table.applied()) {
            if (peer.state() == State.APPLIED) {
                outcomes.put(peer.in(State.HALF_APPLIED));
            }
        }
        schedule.renewAll(now);
    }

    /** The next hook to run, now in the caller's hands; empty if there is none before {@link #nextAt}. */
    Optional<PeerTask> next(Function<Hook, String> runs, Instant now) {
        for (var operations = turns.next(now); !operations.isEmpty(); operations = turns.next(now)) {
            Optional<HookInvocation> invocation = invocation(operations);
            if (invocation.isPresent()) {
                return Optional.of(new PeerTask(runs.apply(invocation.get().hook()), operations, invocation.get()));
            }
            outcomes.hadNoHook(operations, now);
            tried(operations);
        }
        return Optional.empty();
    }

    /** When to call {@link #next} again, if nothing happens before. */
    Optional<Instant> nextAt(Instant now) {
        return schedule.nextAt(now);
    }

    /** Whether a consistent read has become wanted since the last call. */
    boolean takeAskedForConfirmation() {
        return schedule.gate().takeAsked();
    }

    /** Peers whose removal waits for a consistent read, each named once until {@link #confirmed}. */
    List<Peer> takeUnconfirmed() {
        return schedule.takeUnconfirmed();
    }

    /** A consistent read was tried: {@code gone} are those of {@code asked} whose lease is no longer there. */
    void confirmed(List<Peer> asked, Set<Subnet> gone, Instant now) {
        schedule.gate().confirm(gone);
        for (Peer peer : asked) {
            if (gone.contains(peer.subnet())) {
                schedule.offer(peer.subnet(), now);
            } else {
                schedule.retry(peer.subnet(), schedule.network().settings().retryInitialDelay(), now);
            }
        }
    }

    /** The task could not be begun, for a reason that has nothing to do with it. */
    void notBegun(PeerTask task, Instant now) {
        for (PeerOperation operation : task.operations()) {
            schedule.release(operation, Duration.ZERO, now);
            schedule.postpone(operation, schedule.network().settings().retryInitialDelay(), now);
        }
    }

    /** The hook has run. */
    void finished(PeerTask task, HookOutcome outcome, Instant now) {
        outcomes.finished(task, outcome, now);
        if (outcome.succeeded() || task.operations().size() == 1) {
            tried(task.operations());
        }
    }

    private void tried(List<PeerOperation> operations) {
        for (PeerOperation operation : operations) {
            if (operation.adds()) {
                untried.remove(operation.subnet());
            }
        }
    }

    QueueState queue(Instant now) {
        ReconcileQueue<Subnet, PeerLane> queue = schedule.queue();
        return new QueueState(queue.depth(PeerLane.CHECK, now), queue.oldest(PeerLane.CHECK, now));
    }

    int removalsHeld() {
        return schedule.gate().held();
    }

    /** Those whose remove was given up for now, sorted. */
    List<Subnet> setAside() {
        return table.setAside();
    }

    NetworkStatus.Peers counts() {
        return new NetworkStatus.Peers(
                table.desiredCount(), table.settledCount(), schedule.failures().size(), table.removingCount());
    }

    List<NetworkStatus.Failure> failures() {
        return schedule.failures();
    }

    private Optional<HookInvocation> invocation(List<PeerOperation> operations) {
        return operations.size() == 1
                ? operations.getFirst().invocation(local)
                : operations
                        .getFirst()
                        .batchCommand()
                        .map(text -> new HookInvocation.ForBatch(
                                text,
                                local,
                                operations.stream()
                                        .map(PeerOperation::batchLine)
                                        .toList()));
    }
}

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
import java.util.random.RandomGenerator;

/**
 * Drives one network's peers on one node until applied agrees with desired. It decides and remembers; whoever calls it
 * runs what {@link #next} hands out and says by {@link #finished} how it went. Not thread-safe.
 */
final class PeerReconciler {
    /** The reason of an add that fails over what could not be removed first. */
    static final String NOT_REPEATABLE = "NotRepeatable";

    private static final int REMOVE_TRIES = 5;

    private final PeerTable table = new PeerTable();
    private final Set<Subnet> untried = new HashSet<>();
    private final PeerSchedule schedule;
    private final JournalWriter journal;
    private final ReconcileObserver observer;
    private final RandomGenerator random;
    private Network network;
    private Local local;

    PeerReconciler(
            Network network, Local local, JournalWriter journal, ReconcileObserver observer, RandomGenerator random) {
        this.network = network;
        this.local = local;
        this.journal = journal;
        this.observer = observer;
        this.random = random;
        schedule = new PeerSchedule(table, network);
        table.setCommands(network.commands().peers());
    }

    /** Takes over what an earlier agent left. How that ended at which it was interrupted, nobody knows. */
    void restore(JournalState state) {
        for (AppliedPeer peer : state.peers().values()) {
            boolean certain = peer.state() == State.APPLIED && !state.damaged();
            table.put(certain ? peer : peer.in(State.HALF_APPLIED));
            schedule.work(peer.peer().subnet()).proven = true;
        }
    }

    /** Goes on with this spec and this node's own arguments; peers that other commands applied are applied again. */
    void configure(Network newNetwork, Local newLocal, Instant now) {
        boolean renew = !newNetwork.equals(network);
        network = newNetwork;
        local = newLocal;
        table.setCommands(newNetwork.commands().peers());
        schedule.setNetwork(newNetwork);
        if (renew) {
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
                putAndNote(peer.in(State.HALF_APPLIED));
            }
        }
        schedule.renewAll(now);
    }

    /** The next hook to run, now in the caller's hands; empty if there is none before {@link #nextAt}. */
    Optional<PeerTask> next(Function<Hook, String> runs, Instant now) {
        for (var operations = schedule.next(now); !operations.isEmpty(); operations = schedule.next(now)) {
            Optional<HookInvocation> invocation = invocation(operations);
            if (invocation.isPresent()) {
                return Optional.of(new PeerTask(runs.apply(invocation.get().hook()), operations, invocation.get()));
            }
            operations.forEach(operation -> schedule.release(operation, Duration.ZERO, now));
            operations.forEach(operation -> succeeded(operation, now));
        }
        return Optional.empty();
    }

    /** When to call {@link #next} again, if nothing happens before. */
    Optional<Instant> nextAt() {
        return schedule.queue().nextAt();
    }

    /** Whether a consistent read has become wanted since the last call. */
    boolean takeAskedForConfirmation() {
        return schedule.takeAskedForConfirmation();
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
                schedule.retry(peer.subnet(), network.settings().retryInitialDelay(), now);
            }
        }
    }

    /** The task could not be begun, for a reason that has nothing to do with it. */
    void notBegun(PeerTask task, Instant now) {
        for (PeerOperation operation : task.operations()) {
            schedule.release(operation, Duration.ZERO, now);
            schedule.retry(operation.subnet(), network.settings().retryInitialDelay(), now);
        }
    }

    /** The hook has run. */
    void finished(PeerTask task, HookOutcome outcome, Instant now) {
        task.operations().forEach(operation -> schedule.release(operation, outcome.duration(), now));
        task.operations().forEach(operation -> doubtRivals(operation, now));
        if (outcome.succeeded()) {
            task.operations().forEach(operation -> succeeded(operation, now));
        } else if (task.operations().size() > 1) {
            task.operations().forEach(this::doubt);
            schedule.halve(task.operations().stream().map(PeerOperation::subnet).toList());
        } else {
            failed(task.operations().getFirst(), task.invocation(), outcome, now);
        }
    }

    QueueState queue(Instant now) {
        ReconcileQueue<Subnet, PeerLane> queue = schedule.queue();
        return new QueueState(queue.depth(PeerLane.CHECK, now), queue.oldest(PeerLane.CHECK, now));
    }

    int removalsHeld() {
        return schedule.gate().held();
    }

    NetworkStatus.Peers counts() {
        return new NetworkStatus.Peers(
                table.desiredCount(), table.settledCount(), schedule.failures().size(), table.removingCount());
    }

    List<NetworkStatus.Failure> failures() {
        return schedule.failures();
    }

    private void succeeded(PeerOperation operation, Instant now) {
        Subnet subnet = operation.subnet();
        switch (operation.kind()) {
            case CLEANUP -> cleanedUp(operation, now);
            case ADD, ADD_OVER -> {
                untried.remove(subnet);
                putAndNote(new AppliedPeer(operation.peer(), operation.commands(), State.APPLIED, null));
                schedule.work(subnet).applied();
                observer.converged(operation.peer(), Duration.between(table.seenAt(subnet, now), now));
            }
            case REMOVE -> drop(subnet, now);
            case CHECK -> schedule.work(subnet).proven();
        }
        if (operation.kind() != PeerOperation.Kind.CLEANUP) {
            schedule.offer(subnet, now);
        }
    }

    private void failed(PeerOperation operation, HookInvocation invocation, HookOutcome outcome, Instant now) {
        switch (operation.kind()) {
            case CLEANUP -> cleanedUp(operation, now);
            case ADD, ADD_OVER -> {
                untried.remove(operation.subnet());
                putAndNote(new AppliedPeer(operation.peer(), operation.commands(), State.HALF_APPLIED, null));
                String note = operation.kind() == PeerOperation.Kind.ADD_OVER ? NOT_REPEATABLE : "";
                schedule.work(operation.subnet()).failed(invocation.hook(), operation.peer(), outcome, note);
                retry(operation, outcome, now);
            }
            case REMOVE -> removeFailed(operation, invocation, outcome, now);
            case CHECK -> checkFailed(operation, invocation, outcome, now);
        }
    }

    /** The remove before a repeated add has run, with whatever result: the add follows. */
    private void cleanedUp(PeerOperation operation, Instant now) {
        doubt(operation);
        schedule.work(operation.subnet()).cleanedUp = true;
        schedule.proceed(operation.subnet(), now);
    }

    private void removeFailed(PeerOperation operation, HookInvocation invocation, HookOutcome outcome, Instant now) {
        Subnet subnet = operation.subnet();
        PeerWork work = schedule.work(subnet);
        work.failed(invocation.hook(), operation.peer(), outcome, "");
        if (work.attempts < REMOVE_TRIES) {
            doubt(operation);
            retry(operation, outcome, now);
            return;
        }
        observer.hookAbandoned(invocation, work.attempts);
        putAndNote(new AppliedPeer(operation.peer(), operation.commands(), State.SET_ASIDE, null));
        work.applied();
        schedule.gate().settled(subnet);
        schedule.offer(subnet, now);
    }

    /**
     * A check that says "gone" right after an add disagrees with it, which another add would not mend: it is reported.
     */
    private void checkFailed(PeerOperation operation, HookInvocation invocation, HookOutcome outcome, Instant now) {
        PeerWork work = schedule.work(operation.subnet());
        boolean gone = outcome.saysGone();
        if (gone && work.proven) {
            doubt(operation);
            schedule.renew(operation.subnet(), now);
            return;
        }
        if (gone) {
            work.failed(invocation.hook(), operation.peer(), outcome, "CheckFailed right after its add");
        }
        schedule.checked(operation.subnet(), now);
    }

    /** Tries again after a pause, or at once where something else is wanted by now. */
    private void retry(PeerOperation operation, HookOutcome outcome, Instant now) {
        Subnet subnet = operation.subnet();
        PeerWork work = schedule.work(subnet);
        boolean outdated = operation.adds() && !operation.peer().equals(table.desired(subnet));
        if (outdated) {
            schedule.renew(subnet, now);
        } else {
            Backoff backoff = Backoff.of(network.settings());
            schedule.retry(subnet, backoff.delay(work.attempts, outcome.duration(), random), now);
        }
    }

    /**
     * A remove that comes late (it had been set aside) may have taken along what its node, or its addresses, have
     * elsewhere by now: that is applied again.
     */
    private void doubtRivals(PeerOperation operation, Instant now) {
        if (operation.adds() || operation.kind() == PeerOperation.Kind.CHECK) {
            return;
        }
        for (Subnet rival : table.rivalsOf(operation.peer())) {
            AppliedPeer applied = table.applied(rival);
            if (applied != null && applied.state() == State.APPLIED) {
                putAndNote(applied.in(State.HALF_APPLIED));
                schedule.offer(rival, now);
            }
        }
    }

    /**
     * Nobody knows what is there now. What was set aside stays so: another node's peer would have to wait for its
     * removal, which had been given up.
     */
    private void doubt(PeerOperation operation) {
        AppliedPeer applied = table.applied(operation.subnet());
        if (operation.adds() || applied == null) {
            putAndNote(new AppliedPeer(operation.peer(), operation.commands(), State.HALF_APPLIED, null));
        } else {
            putAndNote(applied.state() == State.SET_ASIDE ? applied : applied.in(State.HALF_APPLIED));
        }
    }

    private void putAndNote(AppliedPeer applied) {
        table.put(applied);
        journal.note(new JournalEntry.PutPeer(applied));
    }

    private void drop(Subnet subnet, Instant now) {
        table.drop(subnet);
        journal.note(new JournalEntry.DropPeer(subnet));
        schedule.work(subnet).applied();
        schedule.gate().settled(subnet);
        schedule.unpark(subnet, now);
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

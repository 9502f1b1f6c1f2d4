package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.AppliedPeer.State;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** What follows from the way in which a peer's hook ended, in the books and for what is to be done next. */
final class PeerOutcomes {
    /** The reason of an add that fails over what could not be removed first. */
    static final String NOT_REPEATABLE = "NotRepeatable";

    private static final int REMOVE_TRIES = 5;

    private final PeerTable table;
    private final PeerSchedule schedule;
    private final PeerTurns turns;
    private final JournalWriter journal;
    private final ReconcileObserver observer;
    private final RandomGenerator random;

    PeerOutcomes(PeerTable table, PeerSchedule schedule, PeerTurns turns, Shared shared) {
        this.table = table;
        this.schedule = schedule;
        this.turns = turns;
        journal = shared.journal();
        observer = shared.observer();
        random = shared.random();
    }

    /** The hook has run. */
    void finished(PeerTask task, HookOutcome outcome, Instant now) {
        List<PeerOperation> operations = task.operations();
        release(operations, outcome.duration(), now);
        for (PeerOperation operation : operations) {
            doubtRivals(operation, now);
        }
        if (outcome.succeeded()) {
            succeeded(operations, now);
        } else if (operations.size() > 1) {
            operations.forEach(this::doubt);
            turns.halve(operations.stream().map(PeerOperation::subnet).toList());
        } else {
            failed(operations.getFirst(), task.invocation(), outcome, now);
        }
    }

    /** No hook had to run. */
    void hadNoHook(List<PeerOperation> operations, Instant now) {
        release(operations, Duration.ZERO, now);
        succeeded(operations, now);
    }

    private void release(List<PeerOperation> operations, Duration took, Instant now) {
        for (PeerOperation operation : operations) {
            schedule.release(operation, took, now);
        }
    }

    private void succeeded(List<PeerOperation> operations, Instant now) {
        for (PeerOperation operation : operations) {
            succeeded(operation, now);
        }
    }

    private void succeeded(PeerOperation operation, Instant now) {
        Subnet subnet = operation.subnet();
        switch (operation.kind()) {
            case CLEANUP -> cleanedUp(operation, now);
            case ADD, ADD_OVER -> {
                put(new AppliedPeer(operation.peer(), operation.commands(), State.APPLIED, null));
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
                put(new AppliedPeer(operation.peer(), operation.commands(), State.HALF_APPLIED, null));
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
        put(new AppliedPeer(operation.peer(), operation.commands(), State.SET_ASIDE, null));
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
            Duration delay = schedule.backoff().delay(work.attempts, outcome.duration(), random);
            schedule.retry(subnet, delay, now);
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
                put(applied.in(State.HALF_APPLIED));
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
            put(new AppliedPeer(operation.peer(), operation.commands(), State.HALF_APPLIED, null));
        } else {
            put(applied.state() == State.SET_ASIDE ? applied : applied.in(State.HALF_APPLIED));
        }
    }

    /** What is there now, for the journal too. */
    void put(AppliedPeer applied) {
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
}

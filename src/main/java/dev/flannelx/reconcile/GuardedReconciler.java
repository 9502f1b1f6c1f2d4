package dev.flannelx.reconcile;

import dev.flannelx.hook.HookOutcome;
import dev.flannelx.network.Shown;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A network's reconciler behind a lock: what the threads of a {@link NetworkAgent} ask of it, wait for and tell it. What
 * it decides is in the journal before anybody acts on it.
 *
 * <p>Who finds nothing to do waits for one of two signals. {@code hooks}: something was changed from outside, or ended.
 * {@code chores}: something was changed from outside, or whoever looked for a hook found none, or moved the node on, as a
 * look may (a startup without a command for its next step, a removal that wants confirming): what follows may be a chore.
 * A look for a chore moves nothing on that the looks for hooks after the same change do not.
 */
final class GuardedReconciler {
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);

    private final Ports ports;
    private final InstantSource clock;
    private final NetworkReconciler reconciler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hooks = lock.newCondition();
    private final Condition chores = lock.newCondition();
    private boolean leasesChanged = true;
    private volatile boolean stopped;
    private volatile boolean killed;

    GuardedReconciler(Ports ports, InstantSource clock, NetworkReconciler reconciler) {
        this.ports = ports;
        this.clock = clock;
        this.reconciler = reconciler;
    }

    /** A hook in the caller's hands, and how it is run. */
    record NextHook(HookTask task, HookRun run) {}

    /**
     * Takes over what the journal holds. Called once, first.
     *
     * @throws IOException if it is there and cannot be read
     */
    void restore() throws IOException {
        lock.lock();
        try {
            JournalState found = ports.journal().load();
            if (found.damaged()) {
                ports.observer().troubled("journal: part of it could not be read: all of it is done again");
            }
            reconciler.restore(found);
        } finally {
            lock.unlock();
        }
    }

    /** Asks the reconciler something, as of now. */
    <T> T ask(BiFunction<NetworkReconciler, Instant, T> question) {
        return locked(() -> question.apply(reconciler, clock.instant()));
    }

    /** Tells the reconciler something, as of now. */
    void tell(BiConsumer<NetworkReconciler, Instant> news) {
        change(() -> news.accept(reconciler, clock.instant()));
    }

    /** The leases may have changed. */
    void wake() {
        change(() -> leasesChanged = true);
    }

    /** Hands out nothing any more; those who wait for something go away. */
    void stop() {
        change(() -> stopped = true);
    }

    /** From here on nothing is decided and nothing is written. */
    void kill() {
        change(() -> {
            killed = true;
            stopped = true;
        });
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isKilled() {
        return killed;
    }

    /** Does a step of a chore that is the journal's, unless killed. */
    void inJournal(ChoreWork.JournalStep step) throws IOException {
        lock.lock();
        try {
            if (!killed) {
                step.apply(reconciler.journal());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next hook, its intent written; empty once stopped. */
    Optional<NextHook> awaitHook() {
        return locked(() -> {
            while (!stopped) {
                Instant now = clock.instant();
                Optional<NextHook> hook = takeHook(now);
                if (hook.isPresent()) {
                    return hook;
                }
                if (!flushNews()) {
                    nap(hooks, now);
                }
            }
            return Optional.empty();
        });
    }

    /**
     * Takes in how a hook ended. The next one, if there is one now, is journalled in one go with that: a write and a turn
     * of the lock for each hook, not two. Without a lambda, which would take long for what every hook does.
     */
    Optional<NextHook> conclude(HookTask task, HookOutcome outcome) {
        lock.lock();
        try {
            if (killed) {
                return Optional.empty();
            }
            Instant now = clock.instant();
            reconciler.finished(task, outcome, now);
            hooks.signalAll();
            Optional<NextHook> next = stopped ? Optional.empty() : takeHook(now);
            if (next.isEmpty()) {
                flush();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next chore; empty once stopped.
     *
     * @param parallelism is told at each look how many hooks may be under way at once
     */
    Optional<Chore> awaitChore(IntConsumer parallelism) {
        return locked(() -> {
            while (!stopped) {
                Instant now = clock.instant();
                if (leasesChanged) {
                    leasesChanged = false;
                    reconciler.look(now);
                    hooks.signalAll();
                }
                parallelism.accept(reconciler.parallelism());
                Optional<Chore> chore = reconciler.nextChore(now);
                if (chore.isPresent()) {
                    return chore;
                }
                nap(chores, now);
            }
            return Optional.empty();
        });
    }

    /** Takes in how a chore ended, and writes what follows, unless killed. */
    void conclude(Chore chore, ChoreResult result) {
        locked(() -> {
            if (!killed) {
                reconciler.finished(chore, result, clock.instant());
                flush();
                hooks.signalAll();
            }
            return true;
        });
    }

    /**
     * The next hook that there is now, its intent written. Where that cannot be written there is none: the next one's could
     * not be either, and each try writes the whole journal anew.
     */
    private Optional<NextHook> takeHook(Instant now) {
        Optional<HookTask> task = reconciler.nextHook(now);
        if (reconciler.hasMovedOn() || task.isEmpty()) {
            chores.signal();
        }
        if (task.isEmpty() || !isJournalled(task.get(), now)) {
            return Optional.empty();
        }
        HookRun run = HookRun.of(task.get(), reconciler.network().orElseThrow());
        return Optional.of(new NextHook(task.get(), run));
    }

    /** Where something was decided that takes no hook, writes it and wakes the others; tells whether there was. */
    private boolean flushNews() {
        boolean news = reconciler.journal().isBehind() && flush();
        if (news) {
            hooks.signalAll();
            chores.signal();
        }
        return news;
    }

    private boolean isJournalled(HookTask task, Instant now) {
        try {
            reconciler.journal().flush(task.intents());
            return true;
        } catch (IOException e) {
            reconciler.notBegun(task, "journal: " + Shown.trouble(e), now);
            ports.observer().troubled("journal: " + Shown.trouble(e));
            return false;
        }
    }

    /** Writes what was noted, and tells whether that worked; if not, it is a chore from now on. */
    private boolean flush() {
        try {
            reconciler.journal().flush(List.of());
            return true;
        } catch (IOException e) {
            chores.signal();
            ports.observer().troubled("journal: " + Shown.trouble(e));
            return false;
        }
    }

    private void change(Runnable what) {
        locked(() -> {
            what.run();
            hooks.signalAll();
            chores.signal();
            return true;
        });
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a signal, or for the moment at which something falls due; both callers are loops that look again.
     *
     * @param lookedAt when the caller found nothing to do: what has fallen due since then is not to be slept over
     */
    @SuppressWarnings("WaitNotInLoop")
    private void nap(Condition signal, Instant lookedAt) {
        Duration left = reconciler
                .nextAt(lookedAt)
                .map(at -> Duration.between(lookedAt, at))
                .filter(duration -> duration.compareTo(LONGEST_NAP) < 0)
                .orElse(LONGEST_NAP);
        try {
            boolean _ = signal.await(Math.max(1, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }
}

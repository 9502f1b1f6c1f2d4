package dev.flannelx.reconcile;

import dev.flannelx.hook.HookEnvironment;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The threads of one network on one node: as many as the network's parallelism for hooks, and one for what else blocks.
 * They share a lock, ask the reconciler for work, and tell it how that went. Platform threads, since a hook is waited
 * for in a system call.
 *
 * <p>Who finds nothing to do waits for one of two signals. {@code hooks}: something was changed from outside, or ended.
 * {@code chores}: something was changed from outside, or whoever looked for a hook found none, or moved the node on, as a
 * look may (a startup without a command for its next step, a removal that wants confirming): what follows may be a chore.
 * A look for a chore moves nothing on that the looks for hooks after the same change do not.
 */
public final class NetworkAgent {
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);

    private final String network;
    private final Ports ports;
    private final InstantSource clock;
    private final NetworkReconciler reconciler;
    private final ChoreWork work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hooks = lock.newCondition();
    private final Condition chores = lock.newCondition();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private boolean leasesChanged = true;
    private volatile boolean stopped;
    private volatile boolean killed;

    /**
     * An agent that does nothing before {@link #start}.
     *
     * @param clock monotonic: a jump of the wall clock must not reach it
     */
    public NetworkAgent(
            String network, Ports ports, Self self, AgentOptions options, InstantSource clock, RandomGenerator random) {
        this.network = network;
        this.ports = ports;
        this.clock = clock;
        this.work = new ChoreWork(ports, clock, this::inJournal);
        this.reconciler = new NetworkReconciler(
                ports, self, options, random, hook -> HookRun.newId(hook, network, self.node(), random));
    }

    /**
     * Reads the journal and starts.
     *
     * @throws IOException if the journal is there and cannot be read
     */
    public void start() throws IOException {
        lock.lock();
        try {
            JournalState found = ports.journal().load();
            if (found.damaged()) {
                ports.observer().troubled("journal: part of it could not be read: all of it is done again");
            }
            reconciler.restore(found);
            startThread("chores", this::choreLoop);
        } finally {
            lock.unlock();
        }
    }

    /** Says what to do about the network from now on. */
    public void want(Directive directive) {
        change(() -> reconciler.want(directive, clock.instant()));
    }

    /** Says who this node is from now on. */
    public void become(Self self) {
        change(() -> reconciler.become(self, clock.instant()));
    }

    /** Says that the leases may have changed. */
    public void wake() {
        change(() -> leasesChanged = true);
    }

    /** Compares everything again, whatever events said. */
    public void resync() {
        change(() -> reconciler.resync(clock.instant()));
    }

    public NetworkStatus status() {
        return locked(() -> reconciler.status(network, clock.instant()));
    }

    public QueueState queue() {
        return locked(() -> reconciler.queue(clock.instant()));
    }

    /** What the journal holds; empty before anything began, and after a teardown. */
    public Optional<AppliedNetwork> applied() {
        return locked(reconciler::applied);
    }

    /** Whether a teardown has done its last step: nothing of the network is left here. */
    public boolean isForgotten() {
        return locked(reconciler::isForgotten);
    }

    /** Whether its threads are there while they should be: not if a bug or an error has ended one. */
    public boolean isAlive() {
        return threads.stream().noneMatch(thread -> thread.getState() == Thread.State.TERMINATED) || stopped;
    }

    /** Begins no more hooks, and waits for those under way; what is still running after {@code grace} is the runner's. */
    public void stop(Duration grace) throws InterruptedException {
        List<Thread> running = locked(() -> {
            stopped = true;
            signalAll();
            return List.copyOf(threads);
        });
        Instant end = clock.instant().plus(grace);
        for (Thread thread : running) {
            Duration left = Duration.between(clock.instant(), end);
            if (left.isPositive()) {
                thread.join(left);
            }
        }
    }

    /** Ends like a process that is killed: from here on it decides nothing and writes nothing. */
    public void kill() {
        locked(() -> {
            killed = true;
            stopped = true;
            signalAll();
            return true;
        });
    }

    private void change(Runnable what) {
        locked(() -> {
            what.run();
            signalAll();
            return true;
        });
        ports.observer().changed();
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    private void signalAll() {
        hooks.signalAll();
        chores.signal();
    }

    private void startThread(String name, Runnable loop) {
        threads.add(Thread.ofPlatform()
                .name("flannelx-" + network + "-" + name)
                .daemon()
                .start(loop));
    }

    private void hookLoop() {
        Optional<HookRunOf> next = locked(this::awaitHook);
        while (next.isPresent()) {
            HookTask task = next.get().task();
            HookOutcome outcome = outcome(next.get().run());
            next = locked(() -> conclude(task, outcome));
            if (killed) {
                return;
            }
            ports.observer().hookFinished(task.invocation(), outcome, task.attempt());
            ports.observer().changed();
            if (next.isEmpty()) {
                next = locked(this::awaitHook);
            }
        }
    }

    private HookOutcome outcome(HookRun run) {
        Instant start = clock.instant();
        try {
            return ports.runner().run(run);
        } catch (RuntimeException e) {
            return new HookOutcome.NotStarted(e.toString(), Duration.between(start, clock.instant()));
        }
    }

    /**
     * Takes in how a hook ended. The next one, if there is one now, is journalled in one go with that: a write and a turn
     * of the lock for each hook, not two.
     */
    private Optional<HookRunOf> conclude(HookTask task, HookOutcome outcome) {
        if (killed) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        reconciler.finished(task, outcome, now);
        hooks.signalAll();
        Optional<HookRunOf> next = stopped ? Optional.empty() : takeHook(now);
        if (next.isEmpty()) {
            flush();
        }
        return next;
    }

    private record HookRunOf(HookTask task, HookRun run) {}

    private Optional<HookRunOf> awaitHook() {
        while (!stopped) {
            Instant now = clock.instant();
            Optional<HookRunOf> hook = takeHook(now);
            if (hook.isPresent()) {
                return hook;
            }
            if (!flushNews()) {
                nap(hooks, now);
            }
        }
        return Optional.empty();
    }

    /**
     * The next hook that there is now, its intent written. Where that cannot be written there is none: the next one's could
     * not be either, and each try writes the whole journal anew.
     */
    private Optional<HookRunOf> takeHook(Instant now) {
        Optional<HookTask> task = reconciler.nextHook(now);
        if (reconciler.hasMovedOn() || task.isEmpty()) {
            chores.signal();
        }
        return task.filter(taken -> isJournalled(taken, now)).map(taken -> new HookRunOf(taken, run(taken)));
    }

    /** Where something was decided that takes no hook, writes it and wakes the others; tells whether there was. */
    private boolean flushNews() {
        boolean news = reconciler.journal().isBehind() && flush();
        if (news) {
            signalAll();
        }
        return news;
    }

    private boolean isJournalled(HookTask task, Instant now) {
        try {
            reconciler.journal().flush(task.intents());
            return true;
        } catch (IOException e) {
            reconciler.notBegun(task, "journal: " + e.getMessage(), now);
            ports.observer().troubled("journal: " + e.getMessage());
            return false;
        }
    }

    private HookRun run(HookTask task) {
        Network applied = reconciler.network().orElseThrow();
        return new HookRun(
                task.run(),
                task.invocation().hook(),
                task.invocation().command(),
                HookEnvironment.variables(applied, task.invocation()),
                HookEnvironment.stdin(task.invocation()),
                applied.settings().timeout());
    }

    private void choreLoop() {
        for (Optional<Chore> next = locked(this::awaitChore); next.isPresent(); next = locked(this::awaitChore)) {
            Chore chore = next.get();
            ChoreResult result = work.carryOut(chore);
            if (!locked(() -> conclude(chore, result))) {
                return;
            }
            if (result instanceof ChoreResult.Troubled(String message)) {
                ports.observer().troubled(message);
            }
            ports.observer().changed();
        }
    }

    /** Takes in how a chore ended, and writes what follows; false if this agent was killed meanwhile. */
    private boolean conclude(Chore chore, ChoreResult result) {
        if (!killed) {
            reconciler.finished(chore, result, clock.instant());
            flush();
            hooks.signalAll();
        }
        return !killed;
    }

    private Optional<Chore> awaitChore() {
        while (!stopped) {
            Instant now = clock.instant();
            if (leasesChanged) {
                leasesChanged = false;
                reconciler.look(now);
                hooks.signalAll();
            }
            startMissingThreads();
            Optional<Chore> chore = reconciler.nextChore(now);
            if (chore.isPresent()) {
                return chore;
            }
            nap(chores, now);
        }
        return Optional.empty();
    }

    private void startMissingThreads() {
        for (int number = threads.size(); number <= reconciler.parallelism(); number++) {
            startThread("hooks-" + number, this::hookLoop);
        }
    }

    private void inJournal(ChoreWork.JournalStep step) throws IOException {
        lock.lock();
        try {
            if (!killed) {
                step.apply(reconciler.journal());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what was noted, and tells whether that worked; if not, it is a chore from now on. */
    private boolean flush() {
        try {
            reconciler.journal().flush(List.of());
            return true;
        } catch (IOException e) {
            chores.signal();
            ports.observer().troubled("journal: " + e.getMessage());
            return false;
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

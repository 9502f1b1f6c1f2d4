package dev.flannelx.reconcile;

import dev.flannelx.hook.HookEnvironment;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The threads of one network on one node: as many as the network's parallelism for hooks, and one for what else blocks.
 * They share a monitor, ask the reconciler for work, and tell it how that went. Platform threads, since a hook is waited
 * for in a system call.
 */
public final class NetworkAgent {
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);

    private final String network;
    private final Ports ports;
    private final InstantSource clock;
    private final NetworkReconciler reconciler;
    private final LeaseClaim claim;
    private final List<Thread> threads = new ArrayList<>();
    private boolean leasesChanged = true;
    private boolean stopped;
    private boolean killed;

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
        this.claim = new LeaseClaim(ports.leases(), ports.observer());
        this.reconciler =
                new NetworkReconciler(ports, self, options, random, hook -> HookRun.newId(hook, network, random));
    }

    /**
     * Reads the journal and starts.
     *
     * @throws IOException if the journal is there and cannot be read
     */
    public synchronized void start() throws IOException {
        reconciler.restore(ports.journal().load());
        startThread("chores", this::choreLoop);
    }

    /** Says what to do about the network from now on. */
    public void want(Directive directive) {
        change(() -> reconciler.want(directive, clock.instant()));
    }

    /** Says who this node is from now on. */
    public void become(Self self) {
        change(() -> reconciler.become(self));
    }

    /** Says that the leases may have changed. */
    public void wake() {
        change(() -> leasesChanged = true);
    }

    /** Compares everything again, whatever events said. */
    public void resync() {
        change(() -> reconciler.resync(clock.instant()));
    }

    public synchronized NetworkStatus status() {
        return reconciler.status(network, clock.instant());
    }

    public synchronized QueueState queue() {
        return reconciler.queue(clock.instant());
    }

    /** Whether a teardown has done its last step: nothing of the network is left here. */
    public synchronized boolean isForgotten() {
        return reconciler.isForgotten();
    }

    /** Begins no more hooks, and waits for those under way; what is still running after {@code grace} is the runner's. */
    public void stop(Duration grace) throws InterruptedException {
        List<Thread> running;
        synchronized (this) {
            stopped = true;
            running = List.copyOf(threads);
            notifyAll();
        }
        Instant end = clock.instant().plus(grace);
        for (Thread thread : running) {
            Duration left = Duration.between(clock.instant(), end);
            if (left.isPositive()) {
                thread.join(left);
            }
        }
    }

    /** Ends like a process that is killed: from here on it decides nothing and writes nothing. */
    public synchronized void kill() {
        killed = true;
        stopped = true;
        notifyAll();
    }

    private void change(Runnable what) {
        synchronized (this) {
            what.run();
            notifyAll();
        }
        ports.observer().changed();
    }

    private synchronized void startThread(String name, Runnable loop) {
        threads.add(Thread.ofPlatform()
                .name("flannelx-" + network + "-" + name)
                .daemon()
                .start(loop));
    }

    private void hookLoop() {
        for (Optional<HookRunOf> next = awaitHook(); next.isPresent(); next = awaitHook()) {
            HookTask task = next.get().task();
            HookOutcome outcome = ports.runner().run(next.get().run());
            synchronized (this) {
                if (killed) {
                    return;
                }
                reconciler.finished(task, outcome, clock.instant());
                flush();
                notifyAll();
            }
            ports.observer().hookFinished(task.invocation(), outcome, task.attempt());
            ports.observer().changed();
        }
    }

    private record HookRunOf(HookTask task, HookRun run) {}

    private synchronized Optional<HookRunOf> awaitHook() {
        while (!stopped) {
            Optional<HookTask> task = reconciler.nextHook(clock.instant());
            if (reconciler.takeNewChore()) {
                notifyAll();
            }
            if (task.isEmpty() && !flushNews()) {
                nap();
            } else if (task.isPresent() && isJournalled(task.get())) {
                return Optional.of(new HookRunOf(task.get(), run(task.get())));
            }
        }
        return Optional.empty();
    }

    /** Where something was decided that takes no hook, writes it and wakes the others; tells whether there was. */
    private boolean flushNews() {
        boolean news = reconciler.journal().isBehind() && flush();
        if (news) {
            notifyAll();
        }
        return news;
    }

    private boolean isJournalled(HookTask task) {
        try {
            reconciler.journal().flush(task.intents());
            return true;
        } catch (IOException e) {
            reconciler.notBegun(task, "journal: " + e.getMessage(), clock.instant());
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
        for (Optional<Chore> next = awaitChore(); next.isPresent(); next = awaitChore()) {
            Chore chore = next.get();
            ChoreResult result = carryOut(chore);
            synchronized (this) {
                if (killed) {
                    return;
                }
                reconciler.finished(chore, result, clock.instant());
                flush();
                notifyAll();
            }
            if (result instanceof ChoreResult.Troubled(String message)) {
                ports.observer().troubled(message);
            }
            ports.observer().changed();
        }
    }

    private synchronized Optional<Chore> awaitChore() {
        while (!stopped) {
            if (leasesChanged) {
                leasesChanged = false;
                reconciler.look(clock.instant());
                notifyAll();
            }
            startMissingThreads();
            Optional<Chore> chore = reconciler.nextChore(clock.instant());
            if (chore.isPresent()) {
                return chore;
            }
            nap();
        }
        return Optional.empty();
    }

    private void startMissingThreads() {
        for (int number = threads.size(); number <= reconciler.parallelism(); number++) {
            startThread("hooks-" + number, this::hookLoop);
        }
    }

    private ChoreResult carryOut(Chore chore) {
        try {
            return switch (chore) {
                case Chore.EndSurvivors(Set<String> runs) -> {
                    ports.runner().endSurvivors(runs);
                    yield new ChoreResult.Done();
                }
                case Chore.Claim(ClaimRequest request) ->
                    new ChoreResult.Claimed(claim.claim(request, clock.instant()));
                case Chore.ConfirmGone(var peers) ->
                    new ChoreResult.Gone(ports.leases().confirmGone(peers));
                case Chore.Publish(Network spec, Subnet subnet) -> {
                    ports.publication().publish(spec, subnet);
                    yield new ChoreResult.Done();
                }
                case Chore.Flush() -> {
                    flushOrFail();
                    yield new ChoreResult.Done();
                }
                case Chore.Forget(Network spec, var lease) -> {
                    ports.publication().withdraw(spec);
                    ports.leases().release(lease);
                    eraseJournal();
                    yield new ChoreResult.Done();
                }
                case Chore.ForgetNothing() -> {
                    eraseJournal();
                    yield new ChoreResult.Done();
                }
            };
        } catch (IOException e) {
            return new ChoreResult.Troubled(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private synchronized void flushOrFail() throws IOException {
        if (!killed) {
            reconciler.journal().flush(List.of());
        }
    }

    private synchronized void eraseJournal() throws IOException {
        if (!killed) {
            reconciler.journal().erase();
        }
    }

    /** Writes what was noted, and tells whether that worked; if not, it is a chore from now on. */
    private boolean flush() {
        try {
            reconciler.journal().flush(List.of());
            return true;
        } catch (IOException e) {
            ports.observer().troubled("journal: " + e.getMessage());
            return false;
        }
    }

    /** Waits until something may have changed; both callers are loops that look again. */
    @SuppressWarnings("WaitNotInLoop")
    private void nap() {
        Instant now = clock.instant();
        Duration left = reconciler
                .nextAt(now)
                .map(at -> Duration.between(now, at))
                .filter(duration -> duration.compareTo(LONGEST_NAP) < 0)
                .orElse(LONGEST_NAP);
        try {
            wait(Math.max(1, left.plusNanos(999_999).toMillis()));
        } catch (InterruptedException e) {
            stopped = true;
        }
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.hook.HookOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The threads of one network on one node: as many as the network's parallelism for hooks, and one for what else blocks.
 * They share a {@link GuardedReconciler}, ask it for work, and tell it how that went. Platform threads, since a hook is
 * waited for in a system call.
 */
public final class NetworkAgent {
    private final String network;
    private final Ports ports;
    private final InstantSource clock;
    private final GuardedReconciler guarded;
    private final ChoreWork work;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

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
        this.guarded = new GuardedReconciler(
                ports,
                clock,
                new NetworkReconciler(
                        ports, self, options, random, hook -> HookRun.newId(hook, network, self.node(), random)));
        this.work = new ChoreWork(ports, clock, guarded::inJournal);
    }

    /**
     * Reads the journal and starts.
     *
     * @throws IOException if the journal is there and cannot be read
     */
    public void start() throws IOException {
        guarded.restore();
        startThread("chores", this::choreLoop);
    }

    /** Says what to do about the network from now on. */
    public void want(Directive directive) {
        tell((reconciler, now) -> reconciler.want(directive, now));
    }

    /** Says who this node is from now on. */
    public void become(Self self) {
        tell((reconciler, now) -> reconciler.become(self, now));
    }

    /** Says that the leases may have changed. */
    public void wake() {
        guarded.wake();
        ports.observer().changed();
    }

    /** Compares everything again, whatever events said. */
    public void resync() {
        tell(NetworkReconciler::resync);
    }

    private void tell(BiConsumer<NetworkReconciler, Instant> news) {
        guarded.tell(news);
        ports.observer().changed();
    }

    public NetworkStatus status() {
        return guarded.ask((reconciler, now) -> reconciler.status(network, now));
    }

    public QueueState queue() {
        return guarded.ask(NetworkReconciler::queue);
    }

    /** What the journal holds; empty before anything began, and after a teardown. */
    public Optional<AppliedNetwork> applied() {
        return guarded.ask((reconciler, now) -> reconciler.applied());
    }

    /** Whether a teardown has done its last step: nothing of the network is left here. */
    public boolean isForgotten() {
        return guarded.ask((reconciler, now) -> reconciler.isForgotten());
    }

    /** Whether its threads are there while they should be: not if a bug or an error has ended one. */
    public boolean isAlive() {
        return threads.stream().noneMatch(thread -> thread.getState() == Thread.State.TERMINATED)
                || guarded.isStopped();
    }

    /** Begins no more hooks, and waits for those under way; what is still running after {@code grace} is the runner's. */
    public void stop(Duration grace) throws InterruptedException {
        guarded.stop();
        Instant end = clock.instant().plus(grace);
        for (Thread thread : threads) {
            Duration left = Duration.between(clock.instant(), end);
            if (left.isPositive()) {
                thread.join(left);
            }
        }
    }

    /** Ends like a process that is killed: from here on it decides nothing and writes nothing. */
    public void kill() {
        guarded.kill();
    }

    private void startThread(String name, Runnable loop) {
        threads.add(Thread.ofPlatform()
                .name("flannelx-" + network + "-" + name)
                .daemon()
                .start(loop));
    }

    private void startMissingThreads(int parallelism) {
        for (int number = threads.size(); number <= parallelism; number++) {
            startThread("hooks-" + number, this::hookLoop);
        }
    }

    private void hookLoop() {
        Optional<GuardedReconciler.NextHook> next = guarded.awaitHook();
        while (next.isPresent()) {
            next = runThenAwait(next.get());
        }
    }

    /**
     * Runs a hook, and waits for the one after; empty once stopped. By itself, since the body of a loop is compiled only
     * after tens of thousands of its turns.
     */
    private Optional<GuardedReconciler.NextHook> runThenAwait(GuardedReconciler.NextHook hook) {
        HookTask task = hook.task();
        HookOutcome outcome = outcome(hook.run());
        Optional<GuardedReconciler.NextHook> next = guarded.conclude(task, outcome);
        if (guarded.isKilled()) {
            return Optional.empty();
        }
        ports.observer().hookFinished(task.invocation(), outcome, task.attempt());
        ports.observer().changed();
        return next.isPresent() ? next : guarded.awaitHook();
    }

    private HookOutcome outcome(HookRun run) {
        Instant start = clock.instant();
        try {
            return ports.runner().run(run);
        } catch (RuntimeException e) {
            return new HookOutcome.NotStarted(e.toString(), Duration.between(start, clock.instant()));
        }
    }

    private void choreLoop() {
        Optional<Chore> next = guarded.awaitChore(this::startMissingThreads);
        while (next.isPresent()) {
            Chore chore = next.get();
            ChoreResult result = work.carryOut(chore);
            guarded.conclude(chore, result);
            if (guarded.isKilled()) {
                return;
            }
            if (result instanceof ChoreResult.Troubled(String message)) {
                ports.observer().troubled(message);
            }
            ports.observer().changed();
            next = guarded.awaitChore(this::startMissingThreads);
        }
    }
}

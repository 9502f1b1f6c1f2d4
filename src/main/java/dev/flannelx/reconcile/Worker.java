package dev.flannelx.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One thread that does one thing over and over: whenever it is woken, and when the time has come that the thing itself
 * named. A wake while it is at work counts for the next round, however many there were.
 */
public final class Worker {
    private static final Duration PAUSE_AFTER_BUG = Duration.ofSeconds(1);

    /** What is done. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does it once.
         *
         * @return when to do it again, if nobody asks before; empty if nothing will come of itself
         * @throws InterruptedException if the worker is to end
         */
        Optional<Instant> work() throws InterruptedException;
    }

    private final InstantSource clock;
    private final Task task;
    private final Consumer<RuntimeException> bugs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean woken = true;
    private boolean stopped;

    /**
     * A worker that does nothing before {@link #start}, and its work at once from then on.
     *
     * @param clock monotonic
     * @param bugs hears what the task threw that it should not have; it is done again after a pause
     */
    public Worker(String name, InstantSource clock, Task task, Consumer<RuntimeException> bugs) {
        this.clock = clock;
        this.task = task;
        this.bugs = bugs;
        thread = Thread.ofVirtual().name("flannelx-" + name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether its thread is there while it should be: not if an error has ended it that is no mere bug of the task. */
    public boolean isAlive() {
        lock.lock();
        try {
            return stopped || thread.getState() != Thread.State.TERMINATED;
        } finally {
            lock.unlock();
        }
    }

    /** Has the work done once more; returns at once. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Begins no more work, and waits so long for what is under way before it interrupts that. */
    public void stop(Duration grace) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (thread.getState() != Thread.State.NEW && !thread.join(grace)) {
            thread.interrupt();
            thread.join();
        }
    }

    private void run() {
        try {
            Optional<Instant> next = Optional.empty();
            while (isDue(next)) {
                next = work();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Instant> work() throws InterruptedException {
        try {
            return task.work();
        } catch (RuntimeException e) {
            bugs.accept(e);
            return Optional.of(clock.instant().plus(PAUSE_AFTER_BUG));
        }
    }

    /** Waits until there is something to do; false if there will not be. */
    private boolean isDue(Optional<Instant> next) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped
                    && !woken
                    && !next.map(at -> !clock.instant().isBefore(at)).orElse(false)) {
                if (next.isEmpty()) {
                    changed.await();
                } else {
                    long left = Duration.between(clock.instant(), next.get()).toNanos();
                    boolean _ = changed.await(Math.max(1, left), TimeUnit.NANOSECONDS);
                }
            }
            woken = false;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }
}

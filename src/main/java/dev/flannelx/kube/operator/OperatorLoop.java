package dev.flannelx.kube.operator;

import dev.flannelx.reconcile.Backoff;
import dev.flannelx.reconcile.Periodic;
import dev.flannelx.reconcile.ReconcileQueue;
import dev.flannelx.reconcile.Worker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The one thread that does an operator's work, key by key, while it leads. */
final class OperatorLoop {
    private static final Logger LOG = Logger.getLogger(OperatorLoop.class);

    private static final Duration TAKEOVER_PAUSE = Duration.ofMillis(250);
    private static final Duration COMPARISON = Duration.ofMinutes(10);
    private static final Duration STUCK = Duration.ofMinutes(3);
    /** That something was changed while it was looked at happens every day. */
    private static final int WORTH_A_LINE = 3;

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** Why a key is looked at, the most urgent first. */
    private enum Lane {
        CHANGE,
        RETRY,
        TIME
    }

    private final LeaderElection election;
    private final Supplier<Term> newTerm;
    private final Runnable compare;
    private final Periodic comparison;
    private final InstantSource clock;
    private final Random random = new Random();
    private final Worker worker;
    /** Guarded by itself. */
    private final ReconcileQueue<Key, Lane> queue = new ReconcileQueue<>(Lane.class);

    private final Map<Key, Integer> failures = new HashMap<>();
    private @Nullable Term term;
    private boolean begun;
    private long number;
    private volatile @Nullable Instant busySince;

    /**
     * A loop that does nothing before {@link #start}.
     *
     * @param newTerm makes what does the work; asked each time that this operator begins to lead
     * @param compare has what was heard compared with what there is; called now and then
     * @param clock monotonic
     */
    OperatorLoop(LeaderElection election, Supplier<Term> newTerm, Runnable compare, InstantSource clock) {
        this.election = election;
        this.newTerm = newTerm;
        this.compare = compare;
        comparison = new Periodic(COMPARISON, COMPARISON.dividedBy(2), random, clock.instant());
        this.clock = clock;
        worker = new Worker("operator", clock, this::work, bug -> LOG.error("the operator failed", bug));
    }

    void start() {
        worker.start();
    }

    void wake() {
        worker.wake();
    }

    /** Wants the keys looked at so much later, if not before. */
    void changed(List<? extends Key> keys, Duration later) {
        Instant at = clock.instant().plus(later);
        boolean sooner = false;
        synchronized (queue) {
            for (Key key : keys) {
                sooner |= queue.hasten(key, Lane.CHANGE, at);
            }
        }
        if (sooner) {
            worker.wake();
        }
    }

    /** Whether it gets on: its thread is there, and nothing is under way for longer than anything may take. */
    boolean isAlive() {
        Instant since = busySince;
        return worker.isAlive() && (since == null || clock.instant().isBefore(since.plus(STUCK)));
    }

    void stop(Duration grace) throws InterruptedException {
        worker.stop(grace);
    }

    private Optional<Instant> work() {
        if (!election.isLeading()) {
            term = null;
            return Optional.empty();
        }
        Instant now = clock.instant();
        Term current = term();
        if (!begin(current, now)) {
            return Optional.of(now.plus(TAKEOVER_PAUSE));
        }
        if (comparison.takeDue(now)) {
            compare.run();
        }
        for (Optional<Key> key = poll(); key.isPresent() && election.isLeading(); key = poll()) {
            busySince = clock.instant();
            try {
                reconcile(current, key.get());
            } finally {
                busySince = null;
            }
        }
        synchronized (queue) {
            return queue.nextAt();
        }
    }

    private Term term() {
        Term current = term;
        if (current == null || number != election.term()) {
            number = election.term();
            current = newTerm.get();
            term = current;
            begun = false;
            failures.clear();
        }
        return current;
    }

    private boolean begin(Term current, Instant now) {
        if (!begun) {
            try {
                begun = current.hasBegun();
            } catch (IOException e) {
                LOG.debugf("a term has not begun yet: %s", e.getMessage());
            }
            if (begun) {
                synchronized (queue) {
                    current.keys().forEach(key -> queue.hasten(key, Lane.CHANGE, now));
                }
            }
        }
        return begun;
    }

    private Optional<Key> poll() {
        synchronized (queue) {
            return queue.poll(clock.instant());
        }
    }

    private void reconcile(Term current, Key key) {
        try {
            Optional<Instant> next = current.reconcile(key, clock.instant());
            Integer failed = failures.remove(key);
            if (failed != null && failed >= WORTH_A_LINE) {
                LOG.infof("works again: %s", key);
            }
            next.ifPresent(at -> again(key, Lane.TIME, at));
        } catch (IOException e) {
            if (failed(key) == WORTH_A_LINE) {
                LOG.warnf("tried again and again: %s: %s", key, e.getMessage());
            }
        } catch (RuntimeException bug) {
            // It may be one network alone that brings it out: the others go on.
            if (failed(key) == 1) {
                LOG.errorf(bug, "failed, and is tried again: %s", key);
            }
        }
    }

    /** It is tried again later; how often in a row it has failed by now. */
    private int failed(Key key) {
        int attempts = failures.merge(key, 1, Integer::sum);
        again(key, Lane.RETRY, clock.instant().plus(BACKOFF.delay(attempts, Duration.ZERO, random)));
        return attempts;
    }

    private void again(Key key, Lane lane, Instant at) {
        synchronized (queue) {
            queue.hasten(key, lane, at);
        }
    }
}

package dev.flannelx.app.agent;

import dev.flannelx.lease.Lease;
import dev.flannelx.reconcile.Backoff;
import dev.flannelx.reconcile.Worker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives up the leases that this node still has of networks that are none of its business: it forgot the network before it
 * left it, as by a reboot, or never heard that a claim of its had come through. They are looked for once with each such
 * network, and again on demand, in a thread of its own. Thread-safe.
 */
final class LeftoverLeases {
    private static final Logger LOG = Logger.getLogger(LeftoverLeases.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(20));

    private final String node;
    private final Store store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Runnable released;
    private final Worker worker;
    private final OngoingTrouble trouble = new OngoingTrouble();
    private Set<String> unrelated = Set.of();
    private String nodeUid = "";
    private final Set<String> lookedAt = new HashSet<>();
    private @Nullable String releasing;
    private Instant notBefore = Instant.MIN;
    private int failures;

    /** The leases of this node in the cluster. Both methods block. */
    interface Store {
        /**
         * Those in all networks, as they are by now.
         *
         * @throws IOException if there was no answer
         */
        List<Lease> all() throws IOException;

        /** {@link dev.flannelx.reconcile.LeaseStore#release}. */
        void release(Lease lease) throws IOException;
    }

    /**
     * One that does nothing before {@link #start}.
     *
     * @param clock monotonic
     * @param released called when a network of which {@link #isReleasing} was said may be taken up; must return at once
     */
    LeftoverLeases(String node, Store store, InstantSource clock, RandomGenerator random, Runnable released) {
        this.node = node;
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.released = released;
        worker =
                new Worker("leftovers", clock, this::work, bug -> LOG.error("leftover leases are not looked for", bug));
    }

    void start() {
        worker.start();
    }

    /** Whether its thread is there while it should be. */
    boolean isAlive() {
        return worker.isAlive();
    }

    /** Begins no more, and waits so long for what is under way. */
    void stop(Duration grace) throws InterruptedException {
        worker.stop(grace);
    }

    /**
     * Says which networks are none of this node's business by now. A lease of any other is left alone from here on, but
     * for one that {@link #isReleasing}.
     */
    synchronized void of(Set<String> networks, String uid) {
        unrelated = Set.copyOf(networks);
        nodeUid = uid;
        lookedAt.retainAll(unrelated);
        if (lookedAt.size() < unrelated.size()) {
            worker.wake();
        }
    }

    /** Whether a lease of that network is being given up right now: it must not be claimed meanwhile. */
    synchronized boolean isReleasing(String network) {
        return network.equals(releasing);
    }

    /** Whether there is any network of which a lease might be left. */
    synchronized boolean areThinkable() {
        return !unrelated.isEmpty();
    }

    /** Looks for them once more: what an earlier agent asked for may have come to pass late. */
    synchronized void lookAgain() {
        lookedAt.clear();
        worker.wake();
    }

    private Optional<Instant> work() {
        if (clock.instant().isBefore(notBefore)) {
            return Optional.of(notBefore);
        }
        Set<String> networks = takeNew();
        if (networks.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (Lease lease : store.all()) {
                giveUp(lease);
            }
            failures = 0;
            if (trouble.over()) {
                LOG.infof("leftover leases looked for again node=%s", node);
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            forget(networks);
            failures++;
            notBefore = clock.instant().plus(BACKOFF.delay(failures, Duration.ZERO, random));
            if (trouble.met(String.valueOf(e.getMessage()))) {
                LOG.warnf("leftover leases not given up node=%s: %s", node, e.getMessage());
            }
            return Optional.of(notBefore);
        }
    }

    /** The networks that were not looked at since they became unrelated; they count as looked at from here on. */
    private synchronized Set<String> takeNew() {
        var networks = new HashSet<>(unrelated);
        networks.removeAll(lookedAt);
        lookedAt.addAll(networks);
        return networks;
    }

    private synchronized void forget(Set<String> networks) {
        lookedAt.removeAll(networks);
    }

    private void giveUp(Lease lease) throws IOException {
        if (!begin(lease)) {
            return;
        }
        try {
            store.release(lease);
            LOG.infof("leftover lease given up network=%s node=%s subnet=%s", lease.network(), node, lease.subnet());
        } finally {
            end();
        }
    }

    private synchronized boolean begin(Lease lease) {
        boolean left = unrelated.contains(lease.network()) && lease.nodeUid().equals(nodeUid);
        releasing = left ? lease.network() : null;
        return left;
    }

    private void end() {
        synchronized (this) {
            releasing = null;
        }
        released.run();
    }
}

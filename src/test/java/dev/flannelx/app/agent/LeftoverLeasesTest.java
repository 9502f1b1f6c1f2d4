package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeftoverLeasesTest {
    private static final String UID = "uid-1";

    private final FakeStore store = new FakeStore();
    private final AtomicInteger wakes = new AtomicInteger();
    private final LeftoverLeases leftovers =
            new LeftoverLeases("node1", store, InstantSource.system(), new Random(1), wakes::incrementAndGet);

    /** Leases in memory, which somebody may get in the way of. */
    private static final class FakeStore implements LeftoverLeases.Store {
        final List<Lease> leases = new CopyOnWriteArrayList<>();
        final AtomicInteger lists = new AtomicInteger();
        volatile int failures;
        volatile Runnable listing = () -> {};
        volatile Runnable releasing = () -> {};

        @Override
        public List<Lease> all() throws IOException {
            if (lists.incrementAndGet() <= failures) {
                throw new IOException("connection refused");
            }
            var found = new ArrayList<>(leases);
            listing.run();
            return found;
        }

        @Override
        public void release(Lease lease) {
            releasing.run();
            leases.remove(lease);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        leftovers.stop(Duration.ofSeconds(10));
    }

    @Test
    void givesUpWhatTheNodeHasOfNetworksThatAreNoneOfItsBusiness() {
        Lease left = lease("left", UID, 1);
        Lease another = lease("left", UID, 2);
        Lease joined = lease("joined", UID, 1);
        Lease ofAnEarlierNode = lease("left", "uid-0", 3);
        Lease ofNobody = lease("left", "", 4);
        store.leases.addAll(List.of(left, another, joined, ofAnEarlierNode, ofNobody));
        leftovers.of(Set.of("left"), UID);
        leftovers.start();
        await(() -> store.leases.equals(List.of(joined, ofAnEarlierNode, ofNobody)));
        await(() -> wakes.get() == 2);
    }

    @Test
    void looksAgainOnlyForAnotherNetworkOrOnDemand() {
        leftovers.of(Set.of("left"), UID);
        leftovers.start();
        await(() -> store.lists.get() == 1);
        leftovers.of(Set.of("left"), UID);
        leftovers.of(Set.of("left", "other"), UID);
        await(() -> store.lists.get() == 2);
        leftovers.of(Set.of(), UID);
        leftovers.of(Set.of("left"), UID);
        await(() -> store.lists.get() == 3);

        Lease late = lease("left", UID, 1);
        store.leases.add(late);
        leftovers.lookAgain();
        await(store.leases::isEmpty);
        assertThat(store.lists).hasValue(4);
    }

    @Test
    void triesAgainWhatFailed() {
        store.failures = 2;
        store.leases.add(lease("left", UID, 1));
        leftovers.of(Set.of("left"), UID);
        leftovers.start();
        await(store.leases::isEmpty);
        assertThat(store.lists).hasValue(3);
    }

    @Test
    void doesNotTouchWhatIsJoinedMeanwhile() {
        Lease left = lease("left", UID, 1);
        Lease joined = lease("joined", UID, 1);
        store.leases.addAll(List.of(joined, left));
        store.listing = () -> leftovers.of(Set.of("left"), UID);
        leftovers.of(Set.of("left", "joined"), UID);
        leftovers.start();
        await(() -> store.leases.equals(List.of(joined)));
    }

    @Test
    void saysOfWhichNetworkALeaseIsBeingGivenUp() throws InterruptedException {
        var released = new CountDownLatch(1);
        store.releasing = () -> awaitUninterrupted(released);
        store.leases.add(lease("left", UID, 1));
        leftovers.of(Set.of("left"), UID);
        assertThat(leftovers.isReleasing("left")).isFalse();
        leftovers.start();
        await(() -> leftovers.isReleasing("left"));
        assertThat(leftovers.isReleasing("other")).isFalse();
        leftovers.of(Set.of(), UID);
        assertThat(leftovers.isReleasing("left")).as("it is under way").isTrue();
        assertThat(wakes).hasValue(0);
        released.countDown();
        await(() -> wakes.get() == 1);
        assertThat(leftovers.isReleasing("left")).isFalse();
        assertThat(store.leases).isEmpty();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private static Lease lease(String network, String uid, int third) {
        var subnet = new Subnet(Cidr.parse("10.50.%d.0/24".formatted(third)).orElseThrow(), null);
        return new Lease(
                network,
                "node1",
                uid,
                subnet,
                PublicAddress.NONE,
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }
}

package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore.Creation;
import dev.flannelx.reconcile.LeaseStore.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryLeasesTest {
    private static final Subnet SUBNET = Leases.subnet("10.50.1.0/24");

    private final MemoryLeases leases = new MemoryLeases();

    @Test
    void givesASubnetToTheFirstThatCreatesItsLease() {
        assertThat(leases.create(lease("node1", "data"))).isEqualTo(new Creation.Created(lease("node1", "data")));
        assertThat(leases.create(lease("node2", "data"))).isEqualTo(new Creation.Taken("node1"));
        assertThat(leases.all()).containsExactly(lease("node1", "data"));
        assertThat(leases.leases()).contains(leases.all());
    }

    @Test
    void takesACreateOfTheSameNodeForAnAnswerThatWasLost() {
        leases.create(lease("node1", "old"));
        assertThat(leases.create(lease("node1", "new"))).isEqualTo(new Creation.Created(lease("node1", "old")));
    }

    @Test
    void givesEachSubnetToOneOfManyAtOnce() throws Exception {
        int nodes = 8;
        for (int round = 0; round < 50; round++) {
            var store = new MemoryLeases();
            var barrier = new CyclicBarrier(nodes);
            var creations = new ArrayList<Future<Creation>>();
            try (var pool = Executors.newFixedThreadPool(nodes)) {
                for (int node = 0; node < nodes; node++) {
                    Lease lease = lease("node" + node, "");
                    creations.add(pool.submit(() -> {
                        barrier.await();
                        return store.create(lease);
                    }));
                }
            }
            int created = 0;
            for (var creation : creations) {
                created += creation.get() instanceof Creation.Created ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
            assertThat(store.all()).hasSize(1);
        }
    }

    @Test
    void updatesOnlyALeaseOfTheSameNode() {
        assertThat(leases.update(lease("node1", "new"))).isEqualTo(new Update.Outdated());
        leases.create(lease("node1", "old"));
        assertThat(leases.update(lease("node2", "new"))).isEqualTo(new Update.Outdated());
        assertThat(leases.update(lease("node1", "new"))).isEqualTo(new Update.Updated(lease("node1", "new")));
        assertThat(leases.all()).containsExactly(lease("node1", "new"));
    }

    @Test
    void releasesOnlyALeaseOfTheSameNode() {
        leases.create(lease("node1", ""));
        leases.release(lease("node2", ""));
        assertThat(leases.all()).hasSize(1);
        leases.release(lease("node1", ""));
        assertThat(leases.all()).isEmpty();
    }

    @Test
    void confirmsThatALeaseIsGoneOrAnothers() {
        leases.create(lease("node1", ""));
        Subnet free = Leases.subnet("10.50.2.0/24");
        assertThat(leases.confirmGone(List.of(peer(SUBNET, "node1"), peer(free, "node1"))))
                .containsExactly(free);
        assertThat(leases.confirmGone(List.of(peer(SUBNET, "node2")))).containsExactly(SUBNET);
        leases.delete("node1");
        assertThat(leases.confirmGone(List.of(peer(SUBNET, "node1")))).containsExactly(SUBNET);
    }

    @Test
    void tellsItsWatchersOfEveryChange() {
        var told = new AtomicInteger();
        Runnable watcher = told::incrementAndGet;
        leases.watch(watcher);
        leases.create(lease("node1", "old"));
        leases.create(lease("node2", ""));
        assertThat(told).hasValue(1);
        leases.update(lease("node1", "new"));
        leases.delete("node1");
        assertThat(told).hasValue(3);
        leases.unwatch(watcher);
        leases.create(lease("node1", ""));
        assertThat(told).hasValue(3);
    }

    private static Peer peer(Subnet subnet, String node) {
        return new Peer(subnet, address(), node, "");
    }

    private static Lease lease(String node, String data) {
        return new Lease(
                "demo", node, "uid-" + node, SUBNET, address(), "extension", data, Instant.EPOCH, Instant.EPOCH, false);
    }

    private static PublicAddress address() {
        return new PublicAddress(Address.parse("192.0.2.1").orElseThrow(), null);
    }
}

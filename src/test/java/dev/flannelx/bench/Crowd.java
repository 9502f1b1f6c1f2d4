package dev.flannelx.bench;

import dev.flannelx.host.MonotonicClock;
import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.KubeLeaseStore;
import dev.flannelx.kube.LeaseInformer;
import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.Claimant;
import dev.flannelx.reconcile.LeaseStore;
import dev.flannelx.reconcile.ReconcileObserver;
import dev.flannelx.reconcile.Self;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Many nodes in one process, as far as a real API server can tell: each claims by itself and has a watch of its own. They
 * share an HTTP client, and run no hooks.
 */
final class Crowd implements AutoCloseable {
    /** In the network that they join. */
    static final int SUBNETS = 4096;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ApiServer server = ApiServer.startOwn();
    /** Patient: so many connections at once, from one process, take longer than an agent's one. */
    private final KubernetesClient client =
            ApiServer.client(new ConfigBuilder(server.admin().getConfiguration())
                    .withRequestTimeout((int) PATIENCE.toMillis())
                    .build());

    private final Network network = Specs.network("network: 10.0.0.0/12");
    private final List<Member> members = new ArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();

    /** One node. */
    private final class Member {
        private final Self self;
        private final LeaseInformer informer;
        private final LeaseStore store;
        private volatile long wokenAt;

        Member(int number) {
            self = new Self("node" + number, "uid" + number, Engine.address(number), null);
            informer = new LeaseInformer(client, network.name(), () -> wokenAt = System.nanoTime(), (_, _) -> {});
            store = new KubeLeaseStore(
                    client, network.name(), informer, new LeaseTypeGuard(client, new MonotonicClock()));
        }

        Lease claim() throws InterruptedException {
            return new Claimant(store, network, self, new ReconcileObserver() {
                        @Override
                        public void allocationConflict(Subnet subnet) {
                            taken.incrementAndGet();
                        }
                    })
                    .claim();
        }

        int known() {
            return informer.leases().map(List::size).orElse(-1);
        }
    }

    /** An API server with the leases' type, and nobody there yet. */
    Crowd() throws IOException {
        server.applyTypes("-f", "k8s/base/crds/subnetleases.yaml");
    }

    /** Nodes come and watch; returns when each has seen what there is. */
    void watch(int count) {
        IntStream.range(0, count).forEach(_ -> members.add(new Member(members.size())));
        members.forEach(member -> member.informer.start());
        await(() -> members.stream().allMatch(member -> member.informer.isWatching()));
    }

    /** All of them claim at once; the leases that they got. */
    List<Lease> join() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var claims = new ArrayList<Future<Lease>>();
            members.forEach(member -> claims.add(threads.submit(member::claim)));
            var leases = new ArrayList<Lease>();
            for (Future<Lease> claim : claims) {
                leases.add(claim.get());
            }
            return leases;
        }
    }

    /** How many creates found the subnet taken. */
    int conflicts() {
        return taken.get();
    }

    /** Waits until each node knows so many leases. */
    void awaitKnown(int leases) {
        await(() -> members.stream().allMatch(member -> member.known() == leases));
    }

    /** One more node joins, and leaves; how long until each of the others had heard that it joined, in nanoseconds. */
    List<Long> oneMoreJoins() throws IOException {
        Member witness = members.getFirst();
        int known = witness.known();
        Lease wanted = Engine.lease(network, freeSubnet(witness), Engine.address(0));
        long start = System.nanoTime();
        if (!(witness.store.create(wanted) instanceof LeaseStore.Creation.Created(Lease lease))) {
            throw new IOException("the subnet of the one more is not free: " + wanted);
        }
        awaitKnown(known + 1);
        List<Long> delays =
                members.stream().map(member -> member.wokenAt - start).toList();
        witness.store.release(lease);
        awaitKnown(known);
        return delays;
    }

    private static int freeSubnet(Member witness) {
        Set<Subnet> taken = witness.informer.leases().orElseThrow().stream()
                .map(Lease::subnet)
                .collect(Collectors.toSet());
        return IntStream.rangeClosed(1, SUBNETS - 1)
                .filter(number -> !taken.contains(Engine.subnet(number)))
                .findFirst()
                .orElseThrow();
    }

    /** Creates that many leases, so many at once, while nobody watches, and deletes them; how long the creates took. */
    long createBare(int count, int atOnce) throws InterruptedException {
        long took;
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            var store = new Member(0).store;
            long start = System.nanoTime();
            threads.invokeAll(IntStream.rangeClosed(1, count)
                    .<Callable<LeaseStore.Creation>>mapToObj(
                            number -> () -> store.create(Engine.lease(network, number, Engine.address(number))))
                    .toList());
            took = System.nanoTime() - start;
        }
        client.resources(SubnetLease.class).delete();
        return took;
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(condition);
    }

    @Override
    public void close() {
        members.forEach(member -> member.informer.close());
        client.close();
        server.close();
    }
}

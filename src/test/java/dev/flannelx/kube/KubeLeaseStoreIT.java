package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore.Creation;
import dev.flannelx.reconcile.LeaseStore.Update;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Leases on a real API server, by node-bound tokens under the shipped roles and policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeLeaseStoreIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final Cluster cluster = new Cluster(admin);
    private final List<AutoCloseable> open = new ArrayList<>();
    private String uidOfA;
    private String uidOfB;
    private KubernetesClient clientOfA;
    private KubernetesClient clientOfB;
    private String network;
    private KubeLeaseStore a;
    private KubeLeaseStore b;

    @BeforeAll
    void connect() {
        uidOfA = cluster.node("store-a", Map.of()).getMetadata().getUid();
        uidOfB = cluster.node("store-b", Map.of()).getMetadata().getUid();
        clientOfA = ApiServer.shared().as(cluster.agentToken("store-a"));
        clientOfB = ApiServer.shared().as(cluster.agentToken("store-b"));
    }

    @AfterAll
    void disconnect() {
        List.of(admin, clientOfA, clientOfB).forEach(KubernetesClient::close);
    }

    @BeforeEach
    void freshNetwork() {
        network = "store" + NETWORKS.incrementAndGet();
        a = store(clientOfA);
        b = store(clientOfB);
    }

    @AfterEach
    void closeStores() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }

    @Test
    void aClaimIsAResourceThatItsNodeOwns() throws IOException {
        Creation created = a.create(leaseOfA(7));

        GenericKubernetesResource resource = resource(7);
        assertThat(created).isEqualTo(new Creation.Created(understood(resource)));
        assertThat(understood(resource))
                .usingRecursiveComparison()
                .ignoringFields("createTime")
                .isEqualTo(leaseOfA(7));
        assertThat(resource.getMetadata().getOwnerReferences()).containsExactly(NodeOwner.reference("store-a", uidOfA));
    }

    @Test
    void aSubnetIsClaimedOnce() throws IOException {
        a.create(leaseOfA(7));

        assertThat(b.create(leaseOfB(7))).isEqualTo(new Creation.Taken("store-a"));
        assertThat(understood(resource(7)).node()).isEqualTo("store-a");
    }

    @Test
    void aClaimWhoseAnswerWasLostIsFoundAgain() throws IOException {
        a.create(leaseOfA(7));
        Lease later = leaseOfA(7).withPublished(uidOfA, leaseOfA(7).publicAddress(), "extension", "newer data");

        assertThat(a.create(later)).isEqualTo(new Creation.Created(understood(resource(7))));
        assertThat(understood(resource(7)).backendData()).isEqualTo("data of store-a");
    }

    @Test
    void aNodeThatWasMadeAnewIsAnother() throws IOException {
        a.create(leaseOfA(7).withPublished("an-older-uid", PublicAddress.NONE, "", ""));

        assertThat(a.create(leaseOfA(7))).isEqualTo(new Creation.Taken("store-a"));
        assertThat(a.update(leaseOfA(7))).isEqualTo(new Update.Outdated());
    }

    @Test
    void whatThePolicyForbidsIsRefused() throws IOException {
        assertThat(a.create(leaseOfB(7)))
                .isInstanceOfSatisfying(
                        Creation.Refused.class,
                        refused -> assertThat(refused.message()).contains("may not write a lease of node store-b"));
    }

    @Test
    void whatTheSchemaForbidsIsRefused() throws IOException {
        Lease nonsense = leaseOfA(7).withPublished(uidOfA, PublicAddress.NONE, "no such type", "");

        assertThat(a.create(nonsense))
                .isInstanceOfSatisfying(
                        Creation.Refused.class,
                        refused -> assertThat(refused.message()).contains("backendType"));
        a.create(leaseOfA(7));
        assertThat(a.update(nonsense)).isInstanceOf(Update.Refused.class);
    }

    @Test
    void anUpdateWritesWhatOthersRead() throws IOException {
        a.create(leaseOfA(7));
        var moved = new PublicAddress(Address.parse("192.0.2.77").orElseThrow(), null);
        Update update = a.update(leaseOfA(7).withPublished(uidOfA, moved, "extension", ""));

        assertThat(update).isEqualTo(new Update.Updated(understood(resource(7))));
        assertThat(understood(resource(7)))
                .extracting(Lease::publicAddress, Lease::backendData)
                .containsExactly(moved, "");
    }

    @Test
    void anUpdateOfWhatIsNotOursIsOutdated() throws IOException {
        b.create(leaseOfB(7));

        assertThat(a.update(leaseOfA(7))).isEqualTo(new Update.Outdated());
        assertThat(a.update(leaseOfA(8))).isEqualTo(new Update.Outdated());
    }

    @Test
    void aReservationIsTakenByItsNodeAndOutlivesItsRelease() throws IOException {
        reserve(7, "store-a");
        Lease kept = ((Creation.Created) a.create(leaseOfA(7))).lease();
        assertThat(kept).extracting(Lease::reserved, Lease::nodeUid).containsExactly(true, "");

        Lease wanted = kept.withPublished(uidOfA, leaseOfA(7).publicAddress(), "extension", "data");
        assertThat(a.update(wanted)).isEqualTo(new Update.Updated(wanted));
        assertThat(resource(7).getMetadata().getOwnerReferences()).isEmpty();

        a.release(leaseOfA(7));
        assertThat(understood(resource(7))).isEqualTo(wanted.withPublished("", PublicAddress.NONE, "", ""));
    }

    @Test
    void whatWasWrittenSinceItWasSeenIsNotReleased() throws IOException {
        var stored = new StoredLeases(clientOfA, network);
        reserve(7, "store-a");
        Lease kept = ((Creation.Created) a.create(leaseOfA(7))).lease();
        Lease taken = kept.withPublished(uidOfA, leaseOfA(7).publicAddress(), "extension", "data");
        a.update(taken);
        a.create(leaseOfA(8));
        Lease other = understood(resource(8));

        assertThat(stored.releaseUnchanged(kept)).isFalse();
        assertThat(stored.releaseUnchanged(other.withPublished(uidOfA, other.publicAddress(), "extension", "old")))
                .isFalse();
        assertThat(understood(resource(7))).isEqualTo(taken);
        assertThat(stored.releaseUnchanged(taken)).isTrue();
        assertThat(stored.releaseUnchanged(other)).isTrue();
        assertThat(stored.find(subnet(7)).orElseThrow().publicAddress()).isEqualTo(PublicAddress.NONE);
        assertThat(stored.find(subnet(8))).isEmpty();
    }

    @Test
    void aReservationForAnotherNodeIsTaken() throws IOException {
        reserve(7, "store-b");

        assertThat(a.create(leaseOfA(7))).isEqualTo(new Creation.Taken("store-b"));
    }

    @Test
    void aReleasedSubnetIsFree() throws IOException {
        a.create(leaseOfA(7));
        a.release(leaseOfA(7));
        a.release(leaseOfA(7));

        assertThat(b.create(leaseOfB(7))).isInstanceOf(Creation.Created.class);
        a.release(leaseOfA(7));
        assertThat(understood(resource(7)).node()).isEqualTo("store-b");
    }

    @Test
    void theCacheFollowsItsOwnNetworkOnly() throws IOException {
        a.create(leaseOfA(1));
        var wakes = new AtomicInteger();
        KubeLeaseStore watching = store(clientOfB, wakes);
        Awaitility.await().until(() -> watching.leases().isPresent());
        assertThat(watching.leases()).contains(List.of(understood(resource(1))));

        String ours = network;
        network = "store" + NETWORKS.incrementAndGet();
        store(clientOfA).create(leaseOfA(2));
        network = ours;
        int before = wakes.get();
        b.create(leaseOfB(3));
        Awaitility.await().until(() -> wakes.get() > before);
        assertThat(watching.leases().orElseThrow())
                .containsExactlyInAnyOrder(understood(resource(1)), understood(resource(3)));

        a.release(leaseOfA(1));
        Awaitility.await().until(() -> watching.leases().orElseThrow().size() == 1);
    }

    @Test
    void theCacheOfANetworkWithoutLeasesWakesToo() {
        var wakes = new AtomicInteger();
        KubeLeaseStore watching = store(clientOfA, wakes);

        Awaitility.await().until(() -> wakes.get() > 0 && watching.leases().equals(Optional.of(List.of())));
    }

    @Test
    void whatIsGoneIsConfirmed() throws IOException {
        a.create(leaseOfA(1));
        a.create(leaseOfA(2).withPublished(uidOfA, PublicAddress.NONE, "extension", ""));
        b.create(leaseOfB(3));

        assertThat(b.confirmGone(List.of(peerAtA(1), peerAtA(2), peerAtA(3), peerAtA(4))))
                .as("without an address, another node's, and none at all")
                .containsExactlyInAnyOrder(subnet(2), subnet(3), subnet(4));
    }

    @Test
    void whatIsGoneIsConfirmedForManyAtOnce() throws IOException {
        a.create(leaseOfA(5));
        List<Peer> peers = IntStream.range(1, 40).mapToObj(this::peerAtA).toList();

        assertThat(b.confirmGone(peers)).hasSize(38).doesNotContain(subnet(5));
    }

    private KubeLeaseStore store(KubernetesClient client) {
        return new KubeLeaseStore(
                client,
                network,
                new LeaseInformer(client, network, () -> {}, (_, _) -> {}),
                new LeaseTypeGuard(client, InstantSource.system()));
    }

    private KubeLeaseStore store(KubernetesClient client, AtomicInteger wakes) {
        var informer = new LeaseInformer(client, network, wakes::incrementAndGet, (_, _) -> {});
        open.add(informer);
        informer.start();
        return new KubeLeaseStore(client, network, informer, new LeaseTypeGuard(client, InstantSource.system()));
    }

    private void reserve(int number, String node) {
        Lease reservation = new Lease(network, node, "", subnet(number), PublicAddress.NONE, "", "", NOW, NOW, true);
        admin.resource(LeaseMapping.toResource(reservation)).create();
    }

    private GenericKubernetesResource resource(int number) {
        return admin.genericKubernetesResources(ResourceTypes.LEASES)
                .withName(LeaseMapping.name(network, subnet(number)))
                .require();
    }

    private static Lease understood(GenericKubernetesResource resource) {
        return ((ParsedLease.Understood) LeaseMapping.parse(resource)).lease();
    }

    private Lease leaseOfA(int number) {
        return lease("store-a", uidOfA, number);
    }

    private Lease leaseOfB(int number) {
        return lease("store-b", uidOfB, number);
    }

    private Lease lease(String node, String uid, int number) {
        return new Lease(
                network,
                node,
                uid,
                subnet(number),
                new PublicAddress(Address.parse("192.0.2.1").orElseThrow(), null),
                "extension",
                "data of " + node,
                NOW,
                NOW,
                false);
    }

    private Peer peerAtA(int number) {
        return new Peer(subnet(number), leaseOfA(number).publicAddress(), "store-a", "data");
    }

    private static Subnet subnet(int number) {
        return new Subnet(Cidr.parse("10.50.%d.0/24".formatted(number)).orElseThrow(), null);
    }
}

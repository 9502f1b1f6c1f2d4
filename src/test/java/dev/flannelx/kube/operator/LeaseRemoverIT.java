package dev.flannelx.kube.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.LeaseTypeGuard;
import dev.flannelx.kube.StoredLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.reconcile.LeaseStore.Creation;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.ClusterView;
import dev.flannelx.reconcile.operator.Removal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The second look before a lease goes, on a real API server, where the first one was at caches that are late. */
class LeaseRemoverIT {
    private static final String NODE = "remover-node";
    private static final String NETWORK = "remover";

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final LeaseRemover remover =
            new LeaseRemover(admin, () -> {}, new LeaseTypeGuard(admin, InstantSource.system()));
    private final StoredLeases leases = new StoredLeases(admin, NETWORK);
    private String uid;

    @BeforeEach
    void makeNode() {
        uid = new Cluster(admin).node(NODE, Map.of()).getMetadata().getUid();
    }

    @AfterEach
    void close() throws IOException {
        Optional<Lease> left = stored();
        if (left.isPresent()) {
            leases.release(left.get());
        }
        admin.nodes().withName(NODE).delete();
        admin.close();
    }

    @Test
    void theLeaseOfANodeThatHadNotBeenSeenYetStays() throws IOException {
        Lease lease = lease(uid);
        assertThat(remover.remove(expired(lease), view(Map.of(), lease))).isFalse();
        assertThat(stored()).contains(lease);
    }

    @Test
    void theLeaseOfANodeThatHadBeenSeenAsItsPredecessorStays() throws IOException {
        Lease lease = lease(uid);
        assertThat(remover.remove(expired(lease), view(Map.of(NODE, node("uid-of-before")), lease)))
                .isFalse();
        assertThat(stored()).contains(lease);
    }

    @Test
    void theLeaseOfANodeThatIsStillAsItWasSeenGoes() throws IOException {
        Lease lease = lease(uid);
        assertThat(remover.remove(expired(lease), view(Map.of(NODE, node(uid)), lease)))
                .isTrue();
        assertThat(stored()).isEmpty();
    }

    @Test
    void theLeaseOfAnEarlierNodeOfThatNameGoes() throws IOException {
        Lease lease = lease("uid-of-before");
        assertThat(remover.remove(expired(lease), view(Map.of(NODE, node(uid)), lease)))
                .isTrue();
        assertThat(stored()).isEmpty();
    }

    private Lease lease(String nodeUid) throws IOException {
        Lease sample = Leases.inNetwork(Leases.lease(NODE, "10.50.7.0/24", "192.0.2.7"), NETWORK);
        Lease wanted = sample.withPublished(nodeUid, sample.publicAddress(), sample.backendType(), "");
        return switch (leases.create(wanted)) {
            case Creation.Created(Lease created) -> created;
            case Creation other -> fail("not created: " + other);
        };
    }

    private Optional<Lease> stored() throws IOException {
        return leases.find(Leases.subnet("10.50.7.0/24"));
    }

    private static Removal expired(Lease lease) {
        return new Removal.Expired(lease, "Node " + NODE + " is gone");
    }

    private static ClusterView view(Map<String, ClusterNode> nodes, Lease lease) {
        return new ClusterView(nodes, List.of(lease), Set.of());
    }

    /** As it was seen: never ready, and its agent never heard of. */
    private static ClusterNode node(String uid) {
        return new ClusterNode(NODE, uid, Map.of(), NodeHealth.NOT_READY, null, false, null);
    }
}

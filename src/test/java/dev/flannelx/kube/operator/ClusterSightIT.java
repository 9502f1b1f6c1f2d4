package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.LeaseExpiry.Verdict;
import dev.flannelx.lease.Leases;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** For how long a node has been silent, though nobody hears of changes for a while, on a real API server. */
class ClusterSightIT {
    private static final String NODE = "watched-now-and-then";
    private static final Duration STEP = Duration.ofSeconds(40);

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final FaultProxy proxy = new FaultProxy(ApiServer.shared().url(), Faults.NONE);
    private final KubernetesClient client = ApiServer.client(new ConfigBuilder(admin.getConfiguration())
            .withMasterUrl(proxy.url())
            .withRequestTimeout(2000)
            .build());
    private final Caches caches = new Caches(client, new Deaf());
    private final ClusterSight sight = new ClusterSight(caches);
    private final Lease lease =
            lease(new Cluster(admin).node(NODE, Map.of()).getMetadata().getUid());
    private Instant now = Instant.EPOCH;

    @AfterEach
    void close() {
        caches.close();
        client.close();
        proxy.close();
        admin.nodes().withName(NODE).delete();
        admin.close();
    }

    @Test
    void aComparisonMakesNobodyCountAfresh() {
        countsOnAfter(caches::compare);
    }

    @Test
    void aWatchThatEndsMakesNobodyCountAfresh() {
        countsOnAfter(proxy::cut);
    }

    private void countsOnAfter(Runnable endOfWatches) {
        caches.start();
        await("the watches").until(caches::areWatching);
        look();
        assertThat(judge(Duration.ZERO)).isInstanceOf(Verdict.Expire.class);
        // Each is over within a moment. That is long enough to look in, but not for a test to hit.
        proxy.faults(Faults.BLACK_HOLE);
        endOfWatches.run();
        await("the end of the watches").until(() -> !caches.areWatching());
        look();
        assertThat(judge(Duration.ZERO)).as("by what may be old").isEqualTo(new Verdict.Keep());

        proxy.faults(Faults.NONE);
        await("the watches").until(caches::areWatching);
        look();
        assertThat(judge(STEP.multipliedBy(2).plusNanos(1))).isEqualTo(new Verdict.Keep());
        assertThat(judge(STEP.multipliedBy(2))).isInstanceOf(Verdict.Expire.class);
    }

    private void look() {
        now = now.plus(STEP);
        sight.look(now);
    }

    private Verdict judge(Duration leaseDuration) {
        return sight.expiry().judge(lease, leaseDuration);
    }

    private static Lease lease(String nodeUid) {
        Lease lease = Leases.lease(NODE, "10.50.1.0/24", "192.0.2.1");
        return lease.withPublished(nodeUid, lease.publicAddress(), lease.backendType(), lease.backendData());
    }
}

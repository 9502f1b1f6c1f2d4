package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** FlannelNodes on a real API server, by node-bound tokens under the shipped roles and policies. */
class FlannelNodeStoreIT {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000006Z");
    private static final AtomicInteger NODES = new AtomicInteger();

    private final String node = "fnode-" + NODES.incrementAndGet();
    private final KubernetesClient admin = ApiServer.shared().admin();
    private final Cluster cluster = new Cluster(admin);
    private final String uid = cluster.node(node, Map.of()).getMetadata().getUid();
    private final KubernetesClient agent = ApiServer.shared().as(cluster.agentToken(node));
    private final FlannelNodeStore store = new FlannelNodeStore(agent, node, "1.2");

    @AfterEach
    void disconnect() {
        agent.close();
        admin.close();
    }

    @Test
    void theFirstWriteMakesItOwnedByItsNode() throws IOException {
        String written = store.write(uid, TIME, List.of(status(Phase.CLAIMING)));

        SeenFlannelNode seen = seen();
        assertThat(seen.uid()).isEqualTo(written);
        assertThat(seen.nodeUid()).isEqualTo(uid);
        assertThat(seen.renewTime()).isEqualTo(TIME);
        assertThat(seen.networks()).containsEntry("demo", status(Phase.CLAIMING));
    }

    @Test
    void laterWritesLeaveAloneWhatTheOperatorWrote() throws IOException {
        store.write(uid, TIME, List.of());
        order("{networks: {demo: {generation: 3}}}");
        store.write(uid, TIME, List.of(status(Phase.ACTIVE)));
        store.write(uid, TIME.plusSeconds(1), List.of(status(Phase.PAUSED)));

        assertThat(seen().orders()).isEqualTo(Map.of("demo", new NodeOrder(3L, null)));
        assertThat(seen().networks()).containsEntry("demo", status(Phase.PAUSED));
        assertThat(seen().renewTime()).isEqualTo(TIME.plusSeconds(1));
    }

    @Test
    void whatAnEarlierAgentLeftIsWrittenOn() throws IOException {
        String before = store.write(uid, TIME, List.of(status(Phase.ACTIVE)));

        assertThat(new FlannelNodeStore(agent, node, "1.3").write(uid, TIME, List.of()))
                .isEqualTo(before);
        assertThat(seen().agentVersion()).isEqualTo("1.3");
        assertThat(seen().networks()).isEmpty();
    }

    @Test
    void oneThatWasDeletedIsMadeAnew() throws IOException {
        String before = store.write(uid, TIME, List.of());
        own().delete();

        assertThat(store.write(uid, TIME, List.of(status(Phase.ACTIVE)))).isNotEqualTo(before);
        assertThat(seen().networks()).containsKey("demo");
    }

    @Test
    void oneOfAnEarlierNodeOfThatNameIsWaitedFor() throws IOException {
        store.write("an-earlier-uid", TIME, List.of());

        assertThatThrownBy(() -> store.write(uid, TIME.plusSeconds(1), List.of()))
                .hasMessage("FlannelNode %s is not of Node %s with uid %s: it has to be deleted first"
                        .formatted(node, node, uid));
        assertThat(seen().renewTime()).isEqualTo(TIME);
        own().delete();
        store.write(uid, TIME.plusSeconds(2), List.of());
        assertThat(seen().nodeUid()).isEqualTo(uid);
    }

    private void order(String spec) {
        own().edit(resource -> {
            resource.setAdditionalProperty(
                    "spec",
                    Resources.flannelx("FlannelNode", node, spec)
                            .getAdditionalProperties()
                            .get("spec"));
            return resource;
        });
    }

    private SeenFlannelNode seen() {
        return FlannelNodeMapping.seen(own().get());
    }

    private Resource<GenericKubernetesResource> own() {
        return admin.genericKubernetesResources(ResourceTypes.FLANNEL_NODES).withName(node);
    }

    private static NetworkStatus status(Phase phase) {
        return new NetworkStatus("demo", phase, 1, null, false, "", "", NetworkStatus.Peers.NONE, List.of());
    }
}

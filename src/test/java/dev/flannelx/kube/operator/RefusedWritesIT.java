package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes about one node that are refused for ever, as by an admission webhook: the others are none the worse. */
class RefusedWritesIT {
    private static final List<String> THREE = List.of("node0", "node1", "node2");

    private final OperatedCluster cluster = new OperatedCluster();
    private final FirstRefused refusals = new FirstRefused();
    private final FaultProxy proxy = new FaultProxy(cluster.server.url(), refusals);

    @AfterEach
    void close() {
        cluster.close();
        proxy.close();
    }

    @Test
    void anOrderThatIsRefusedHoldsADeletionUpForAWhileOnly() {
        ClusterOperator operator = start("teardownTimeout: 1h");
        String uid = cluster.network("demo").seen().uid();
        refusals.refuse("PUT", ResourceTypes.FLANNEL_NODES.getPlural());
        cluster.delete("demo");
        await("two have found their order")
                .until(() -> THREE.stream()
                                .filter(node ->
                                        uid.equals(cluster.order(node, "demo").teardown()))
                                .count()
                        == 2);
        await("the status says so").until(() -> cluster.condition("demo", "TearingDown"), "True/Deleted"::equals);

        cluster.clock.move(Duration.ofHours(1));
        operator.wake();
        await("the network is gone").until(() -> cluster.find(ResourceTypes.NETWORKS, "demo") == null);
        assertThat(cluster.order(refusals.victim(), "demo").teardown()).isNull();
    }

    @Test
    void anOrderThatIsRefusedHoldsNeitherTheOthersNorTheStatusUp() {
        ClusterOperator operator = start("rollout: {maxUnavailable: 3}");
        refusals.refuse("PUT", ResourceTypes.FLANNEL_NODES.getPlural());
        network("rollout: {maxUnavailable: 3}", "another add");
        await("two have it")
                .until(() -> cluster.nodesWith("demo", "another add").size() == 2);
        await("the status says so")
                .until(
                        () -> cluster.message("demo", "Progressing"),
                        ("2 of 3 nodes have generation 2; waiting for " + refusals.victim())::equals);

        refusals.refuse("", "");
        operator.wake();
        await("it is over").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
    }

    @Test
    void aLeaseThatMayNotBeDeletedHoldsNoOtherUp() {
        start("");
        refusals.refuse("DELETE", ResourceTypes.LEASES.getPlural());
        THREE.forEach(node -> cluster.agent(node).alive = false);
        THREE.forEach(node -> cluster.admin.nodes().withName(node).delete());
        await("the others are gone").until(() -> cluster.leases().equals(List.of(refusals.victim())));
    }

    @Test
    void anOrderThatMayNotBeTakenBackHoldsNoLeaseUp() {
        start("");
        refusals.refuse("PUT", ResourceTypes.FLANNEL_NODES.getPlural());
        GenericKubernetesResource told = Objects.requireNonNull(cluster.find(ResourceTypes.FLANNEL_NODES, "node0"));
        told.setAdditionalProperty("spec", Map.of("networks", Map.of("gone", Map.of("generation", 1))));
        cluster.admin.resource(told).update();
        await("it is to be taken back").until(() -> refusals.victim().equals("node0"));

        cluster.agent("node1").alive = false;
        cluster.admin.nodes().withName("node1").delete();
        await("its lease is gone").until(() -> cluster.leases().size() == 2);
    }

    private ClusterOperator start(String more) {
        THREE.forEach(node -> cluster.node(node, Map.of()));
        network(more, "add");
        ClusterOperator operator = cluster.operatorBy(proxy.url(), "one");
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        await("all is well").until(() -> cluster.condition("demo", "Progressing"), "False/UpToDate"::equals);
        return operator;
    }

    private void network(String more, String addCommand) {
        cluster.network(
                "demo",
                "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: %s}%s}"
                        .formatted(addCommand, more.isEmpty() ? "" : ", " + more));
    }

    /** Refuses what is asked of one resource: the one of which it is asked first. */
    private static final class FirstRefused implements Faults {
        private String method = "";
        private String prefix = "";
        private @Nullable String victim;

        /** From now on; nothing by a method that there is not. */
        synchronized void refuse(String newMethod, String plural) {
            method = newMethod;
            prefix = "/apis/flannelx.dev/v1alpha1/" + plural + "/";
            victim = null;
        }

        /** The name of the resource; empty before anything was asked. */
        synchronized String victim() {
            return victim == null ? "" : victim;
        }

        @Override
        public synchronized OfRequest request(String asked, String uri) {
            if (!asked.equals(method) || !uri.startsWith(prefix)) {
                return new OfRequest.Pass();
            }
            String name = uri.substring(prefix.length()).replaceFirst("\\?.*", "");
            if (victim == null) {
                victim = name;
            }
            return name.equals(victim)
                    ? new OfRequest.Refuse(HttpURLConnection.HTTP_FORBIDDEN, 0)
                    : new OfRequest.Pass();
        }

        @Override
        public OfEvent event() {
            return OfEvent.PASS;
        }
    }
}

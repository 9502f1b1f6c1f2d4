package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.Untyped;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases that have no business to be there, and Nodes whose network is said not to be, on a real API server. */
class CleanupIT {
    private static final String FIRST = "demo-10-50-1-0-24";
    private static final String SECOND = "demo-10-50-2-0-24";

    private final OperatedCluster cluster = new OperatedCluster();
    private ClusterOperator operator;

    @BeforeEach
    void start() {
        cluster.node("node1", Map.of());
        cluster.node("node2", Map.of());
        cluster.network(
                "demo",
                "{network: 10.50.0.0/16, leaseDuration: 20m, backend: {type: extension, subnetAddCommand: add}}");
        operator = cluster.operator("one");
        await("all is well").until(() -> cluster.condition("demo", "Ready"), "True/AllNodesReady"::equals);
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void theLeaseOfADeletedNodeGoes() {
        cluster.agent("node1").alive = false;
        cluster.admin.nodes().withName("node1").delete();
        await("its lease is gone").until(() -> cluster.leases().equals(List.of(SECOND)));
        await("the status says so").until(() -> cluster.ready("demo"), "1/1"::equals);
        await("people are told").until(() -> isTold("LeaseDeleted", "Node node1 is gone"));
    }

    @Test
    void aLeaseThatDoesNotCountIsToldAbout() {
        GenericKubernetesResource lease = Resources.flannelx(
                "SubnetLease",
                "demo-10-50-9-0-25",
                "{network: demo, nodeName: node1, subnet: 10.50.9.0/25, publicIP: 192.0.2.1}");
        lease.getMetadata()
                .setOwnerReferences(List.of(new OwnerReference("v1", null, null, "Node", "node1", uid("node1"))));
        cluster.admin.resource(lease).create();
        await("people are told")
                .until(() -> cluster.admin.events().v1().events().inNamespace("default").list().getItems().stream()
                        .anyMatch(event -> "LeasesSkipped".equals(event.getReason())
                                && event.getNote().startsWith("10.50.9.0/25: subnet 10.50.9.0/25 does not lie on")));
    }

    @Test
    void theLeaseOfARecreatedNodeIsThatOfTheNewOne() {
        String before = uid("node1");
        cluster.agent("node1").alive = false;
        cluster.admin.nodes().withName("node1").delete();
        cluster.admin
                .genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName("node1")
                .delete();
        cluster.node("node1", Map.of());
        assertThat(uid("node1")).isNotEqualTo(before);
        await("the new one has its lease")
                .until(() -> cluster.leases().size() == 2
                        && !owner(cluster.leases().getFirst()).equals(before)
                        && !owner(cluster.leases().getLast()).equals(before));
    }

    @Test
    void aLeaseExpiresWhenItsNodeWasSilentForAsLongAsItLasts() {
        die("node1");
        pass(Duration.ofMinutes(17));
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
        awaitInTime("its lease is gone", () -> cluster.leases().equals(List.of(SECOND)));
    }

    @Test
    void nobodysTimeHasPassedWhileAnotherOperatorLed() {
        die("node1");
        pass(Duration.ofMinutes(17));
        operator.kill();
        operator = cluster.operator("two");
        await("the other one leads").until(operator::isLeading);
        pass(Duration.ofMinutes(17));
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
        awaitInTime("its lease is gone", () -> cluster.leases().equals(List.of(SECOND)));
    }

    @Test
    void aSilentAgentOnANodeThatIsReadyIsReportedAndKeepsItsLease() {
        awaitInTime("people are told", () -> isTold("AgentSilent", "Node node1 is ready"));
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aLeaseOutsideItsNodesPodCidrsGoesInTime() {
        List.of("node1", "node2").forEach(node -> cluster.agent(node).alive = false);
        cluster.admin.nodes().withName("node1").edit(node -> {
            node.getSpec().setPodCIDR("10.60.1.0/24");
            node.getSpec().setPodCIDRs(List.of("10.60.1.0/24"));
            return node;
        });
        cluster.network(
                "pods",
                "{network: 10.60.0.0/16, subnetSource: NodePodCIDR, backend: {type: extension, subnetAddCommand: add}}");
        GenericKubernetesResource own = Objects.requireNonNull(cluster.find(ResourceTypes.LEASES, FIRST));
        GenericKubernetesResource outside = Resources.flannelx(
                "SubnetLease", "pods-10-60-9-0-24", "{network: pods, nodeName: node1, subnet: 10.60.9.0/24}");
        outside.getMetadata().setOwnerReferences(own.getMetadata().getOwnerReferences());
        cluster.admin.resource(outside).create();
        awaitInTime("it is gone", () -> cluster.leases().equals(List.of(FIRST, SECOND)));
        await("people are told").until(() -> isTold("LeaseDeleted", "the podCIDRs of node node1 are 10.60.1.0/24"));
    }

    @Test
    void twoNodesWithOnePublicAddressAreNamed() throws Exception {
        cluster.kubectl("patch", "slease", SECOND, "--type=merge", "--patch={\"spec\":{\"publicIP\":\"192.0.2.1\"}}");
        await("the status says so")
                .until(() -> cluster.message("demo", "Ready")
                        .endsWith("public address 192.0.2.1 is claimed by node1, node2"));
        await("people are told").until(() -> isTold("PublicAddressShared", "192.0.2.1 is claimed by node1, node2"));
    }

    @Test
    void nobodysTimeHasPassedWhileNobodyLooked() {
        die("node1");
        pass(Duration.ofMinutes(10));
        cluster.clock.move(Duration.ofHours(5));
        pass(Duration.ofMinutes(10));
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aHeartbeatKeepsALease() {
        cluster.kubelet("node1", "Ready", "False");
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofMinutes(10));
            cluster.agent("node1").beat();
            String beat = "2026-01-01T00:00:%02dZ".formatted(i + 1);
            await("it is to be seen")
                    .until(() -> String.valueOf(cluster.flannelNode("node1").renewTime()), beat::equals);
        }
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
    }

    @Test
    void aReservationIsEmptiedAndStays() {
        cluster.agent("node1").alive = false;
        GenericKubernetesResource lease = cluster.find(ResourceTypes.LEASES, FIRST);
        String uid = uid("node1");
        cluster.admin.resource(Objects.requireNonNull(lease)).delete();
        GenericKubernetesResource reserved = Resources.flannelx(
                "SubnetLease",
                FIRST,
                "{network: demo, nodeName: node1, subnet: 10.50.1.0/24, publicIP: 192.0.2.1, reserved: true, backendData: x}");
        reserved.getMetadata().setAnnotations(Map.of("flannelx.dev/node-uid", uid));
        cluster.admin.resource(reserved).create();
        cluster.admin.nodes().withName("node1").delete();
        await("it is empty")
                .until(() -> Untyped.text(
                                Untyped.part(Objects.requireNonNull(cluster.find(ResourceTypes.LEASES, FIRST)), "spec"),
                                "publicIP")
                        .isEmpty());
        assertThat(cluster.leases()).containsExactly(FIRST, SECOND);
    }

    @Test
    void whatANodeHasBesidesItsOwnSubnetGoesInTime() {
        GenericKubernetesResource own = Objects.requireNonNull(cluster.find(ResourceTypes.LEASES, FIRST));
        GenericKubernetesResource surplus = Resources.flannelx(
                "SubnetLease",
                "demo-10-50-9-0-24",
                "{network: demo, nodeName: node1, subnet: 10.50.9.0/24, publicIP: 192.0.2.1}");
        surplus.getMetadata().setOwnerReferences(own.getMetadata().getOwnerReferences());
        cluster.admin.resource(surplus).create();
        awaitInTime("the surplus one is gone", () -> cluster.leases().equals(List.of(FIRST, SECOND)));
    }

    @Test
    void nothingGoesWhileTheTypeOfLeasesIsNew() throws Exception {
        cluster.kubectl("delete", "crd", "subnetleases.flannelx.dev", "--timeout=60s");
        await("the status says so").until(() -> cluster.allocated("demo") == 0);
        cluster.kubectl("apply", "-f", "k8s/base/crds/subnetleases.yaml");
        cluster.kubectl("wait", "--for=condition=Established", "crd", "--all");
        await("agents have their leases again").until(() -> cluster.leases().equals(List.of(FIRST, SECOND)));
        assertThat(cluster.agent("node1").hasNothing()).isFalse();
        await("the status says so").until(() -> cluster.allocated("demo") == 2);
    }

    @Test
    void aNodeWhosePartIsReadyIsToldToBeAvailable() {
        cluster.kubelet("node1", "NetworkUnavailable", "True");
        await("it is available")
                .until(() -> cluster.admin.nodes().withName("node1").require().getStatus().getConditions().stream()
                        .anyMatch(condition -> "NetworkUnavailable".equals(condition.getType())
                                && "False".equals(condition.getStatus())));
        assertThat(cluster.admin.nodes().withName("node1").require().getStatus().getConditions())
                .as("what others say stays")
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    @Test
    void aNodeWhosePartIsNotReadyStaysUnavailable() {
        cluster.network(
                "demo",
                "{network: 10.50.0.0/16, backend: {type: extension, postStartupCommand: broken, subnetAddCommand: add}}");
        await("its part is not ready")
                .until(() -> !Objects.requireNonNull(
                                cluster.flannelNode("node1").networks().get("demo"))
                        .ready());
        cluster.kubelet("node1", "NetworkUnavailable", "True");
        int looks = cluster.looks.get();
        await("it has looked").until(() -> {
            operator.wake();
            return cluster.looks.get() > looks + 5;
        });
        assertThat(cluster.admin.nodes().withName("node1").require().getStatus().getConditions())
                .anyMatch(condition ->
                        "NetworkUnavailable".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    /** Neither the agent nor the kubelet is heard of any more, and the operator knows. */
    private void die(String node) {
        cluster.agent(node).alive = false;
        cluster.kubelet(node, "Ready", "Unknown");
        await("the status says so").until(() -> cluster.condition("demo", "Ready"), "False/NodesNotReady"::equals);
    }

    /** Waits while time passes quickly. */
    private void awaitInTime(String what, BooleanSupplier condition) {
        await(what).until(() -> {
            cluster.clock.move(Duration.ofSeconds(20));
            operator.wake();
            return condition.getAsBoolean();
        });
    }

    /** So much time, in which the operator looks often enough. */
    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(60)) {
            cluster.clock.move(Duration.ofSeconds(60));
            int looks = cluster.looks.get();
            await("it has looked").until(() -> {
                operator.wake();
                return cluster.looks.get() > looks;
            });
        }
    }

    private boolean isTold(String reason, String what) {
        return cluster.admin.events().v1().events().inNamespace("default").list().getItems().stream()
                .anyMatch(event ->
                        reason.equals(event.getReason()) && event.getNote().contains(what));
    }

    private String uid(String node) {
        return cluster.admin.nodes().withName(node).require().getMetadata().getUid();
    }

    private String owner(String lease) {
        return Objects.requireNonNull(cluster.find(ResourceTypes.LEASES, lease))
                .getMetadata()
                .getOwnerReferences()
                .getFirst()
                .getUid();
    }
}

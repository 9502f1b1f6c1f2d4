package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the tokens of agents and operators may not do. The tests give both all verbs of RBAC, so that it is the policies
 * that refuse, but for those that say otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesIT {
    private final KubernetesClient admin = ApiServer.shared().admin();
    private final Cluster cluster = new Cluster(admin);
    private KubernetesClient agent;
    private KubernetesClient other;
    private KubernetesClient operator;

    @BeforeAll
    void connect() {
        cluster.node("policy-a", Map.of());
        cluster.node("policy-b", Map.of());
        allowEverything();
        agent = ApiServer.shared().as(cluster.agentToken("policy-a"));
        other = ApiServer.shared().as(cluster.agentToken("policy-b"));
        operator = ApiServer.shared().as(cluster.operatorToken("policy-b"));
    }

    @AfterAll
    void disconnect() {
        admin.rbac().clusterRoleBindings().withName("policies-it").delete();
        List.of(agent, other, operator, admin).forEach(KubernetesClient::close);
    }

    @Test
    void anAgentWritesAndGivesUpTheLeaseOfItsOwnNode() {
        GenericKubernetesResource lease =
                agent.resource(lease(1, "policy-a", "")).create();
        set(lease, "backendData", "new");

        assertThatCode(() -> {
                    agent.resource(lease).update();
                    agent.resource(lease).delete();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void anAgentCreatesNoLeaseOfAnotherNode() {
        refused(() -> agent.resource(lease(2, "policy-b", "")).create(), "may not write a lease of node policy-b");
    }

    @Test
    void anAgentChangesAndDeletesNoLeaseOfAnotherNode() {
        GenericKubernetesResource lease =
                other.resource(lease(3, "policy-b", "")).create();
        set(lease, "publicIP", "192.0.2.66");

        refused(
                () -> agent.resource(lease).update(),
                "the agent of node policy-a may not write a lease of node policy-b");
        refused(
                () -> agent.resource(lease).delete(),
                "the agent of node policy-a may not write a lease of node policy-b");
    }

    @Test
    void anAgentDeletesNoLeasesOfOthersInBulk() {
        other.resource(lease(4, "policy-b", "")).create();

        refused(
                () -> agent.genericKubernetesResources(ResourceTypes.LEASES)
                        .withField("spec.nodeName", "policy-b")
                        .delete(),
                "may not write a lease of node policy-b");
    }

    @Test
    void aLeaseIsOwnedByItsNodeOnly() {
        GenericKubernetesResource lease = lease(5, "policy-a", "");
        lease.getMetadata().setOwnerReferences(List.of(NodeOwner.reference("policy-b", "some-uid")));

        refused(() -> agent.resource(lease).create(), "owned by its Node");
    }

    @Test
    void aTokenWithoutANodeClaimWritesNothing() {
        try (KubernetesClient unbound = ApiServer.shared().as(cluster.unboundToken("flannelx-agent"))) {
            refused(() -> unbound.resource(lease(6, "policy-a", "")).create(), "without a node claim");
            refused(() -> unbound.resource(node("policy-a", "{}")).create(), "without a node claim");
        }
    }

    @Test
    void anAgentNeitherMakesNorDeletesReservationsAndFillsItsOwn() {
        refused(() -> agent.resource(lease(7, "policy-a", ", reserved: true")).create(), "made and deleted by people");
        GenericKubernetesResource reserved =
                admin.resource(lease(7, "policy-a", ", reserved: true")).create();

        set(reserved, "publicIP", "192.0.2.1");
        GenericKubernetesResource filled = agent.resource(reserved).update();
        refused(() -> agent.resource(filled).delete(), "made and deleted by people");
        set(filled, "reserved", false);
        refused(() -> agent.resource(filled).update(), "for people to say");
        refused(() -> operator.resource(filled).delete(), "deleted by people");
    }

    @Test
    void anAgentCreatesItsOwnFlannelNodeWithoutASpecAndWritesItsStatus() {
        refused(() -> agent.resource(node("policy-b", "{}")).create(), "may not write FlannelNode policy-b");
        refused(
                () -> agent.resource(node("policy-a", "{networks: {n: {generation: 1}}}"))
                        .create(),
                "is the operator's");
        GenericKubernetesResource created =
                agent.resource(node("policy-a", "{}")).create();
        created.setAdditionalProperty("status", Map.of("agentVersion", "1"));

        assertThat(agent.resource(created).updateStatus().getAdditionalProperties())
                .containsEntry("status", Map.of("agentVersion", "1"));
        created.getMetadata().setResourceVersion(null);
        refused(() -> other.resource(created).updateStatus(), "may not write FlannelNode policy-a");
        created.setAdditionalProperty("spec", Map.of("networks", Map.of("n", Map.of("generation", 1))));
        refused(() -> agent.resource(created).update(), "is the operator's");
        refused(() -> agent.resource(created).delete(), "does not delete its FlannelNode");
        refused(() -> operator.resource(created).updateStatus(), "is its agent's");
        assertThatCode(() -> operator.resource(created).update()).doesNotThrowAnyException();
    }

    @Test
    void anAgentWritesNoNetwork() {
        refused(() -> agent.resource(network("policy-agent", "'true'")).create(), "SubnetLeases and FlannelNodes only");
    }

    @Test
    void anOperatorChangesOfANetworkItsFinalizersOnly() {
        GenericKubernetesResource network =
                admin.resource(network("policy-operator", "'true'")).create();
        network.getMetadata().setFinalizers(List.of("flannelx.dev/teardown"));
        GenericKubernetesResource finalized = operator.resource(network).update();

        finalized.getMetadata().setAnnotations(Map.of("flannelx.dev/paused", "false"));
        refused(() -> operator.resource(finalized).update(), "pausing a network is for people");
        GenericKubernetesResource evil = network("policy-operator", "reboot");
        evil.setMetadata(network.getMetadata());
        evil.getMetadata().setResourceVersion(null);
        refused(() -> operator.resource(evil).update(), "never creates, changes or deletes a network");
        refused(() -> operator.resource(network).delete(), "never creates, changes or deletes a network");
        refused(() -> operator.resource(network("policy-other", "'true'")).create(), "never creates");
    }

    @Test
    void anOperatorDeletesLeasesAndEmptiesReservationsOnly() {
        refused(() -> operator.resource(lease(8, "policy-a", "")).create(), "claims no subnet");
        GenericKubernetesResource lease =
                agent.resource(lease(8, "policy-a", "")).create();
        set(lease, "publicIP", "192.0.2.66");
        refused(() -> operator.resource(lease).update(), "only to empty a reservation");
        assertThatCode(() -> operator.resource(lease).delete()).doesNotThrowAnyException();

        GenericKubernetesResource reserved = admin.resource(
                        lease(9, "policy-a", ", reserved: true, publicIP: 192.0.2.1, backendData: x"))
                .create();
        set(reserved, "publicIP", "192.0.2.66");
        refused(() -> operator.resource(reserved).update(), "only to empty a reservation");
        spec(reserved).keySet().removeAll(List.of("publicIP", "backendData"));
        assertThatCode(() -> operator.resource(reserved).update()).doesNotThrowAnyException();
    }

    /** Refused by a policy, and by nothing else. */
    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .hasMessageContaining("ValidatingAdmissionPolicy")
                .hasMessageContaining(message);
    }

    private void allowEverything() {
        var role = new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("policies-it")
                .endMetadata()
                .addNewRule()
                .withApiGroups("flannelx.dev")
                .withResources("*")
                .withVerbs("*")
                .endRule()
                .build();
        var binding = new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("policies-it")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "policies-it")
                .addNewSubject("", "ServiceAccount", "flannelx-agent", Cluster.NAMESPACE)
                .addNewSubject("", "ServiceAccount", "flannelx-operator", Cluster.NAMESPACE)
                .build();
        admin.resource(role).create();
        admin.resource(binding).create();
    }

    private static GenericKubernetesResource lease(int number, String node, String more) {
        return resource(
                "SubnetLease",
                "policy-10-90-%d-0-24".formatted(number),
                "{network: policy, nodeName: %s, subnet: 10.90.%d.0/24%s}".formatted(node, number, more));
    }

    private static GenericKubernetesResource node(String name, String spec) {
        return resource("FlannelNode", name, spec);
    }

    private static GenericKubernetesResource network(String name, String command) {
        return resource(
                "FlannelNetwork",
                name,
                "{network: 10.90.0.0/16, backend: {type: extension, subnetAddCommand: %s}}".formatted(command));
    }

    private static GenericKubernetesResource resource(String kind, String name, String spec) {
        return Serialization.unmarshal(
                "apiVersion: flannelx.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n"
                        .formatted(kind, name, spec),
                GenericKubernetesResource.class);
    }

    private static void set(GenericKubernetesResource resource, String field, Object value) {
        spec(resource).put(field, value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> spec(GenericKubernetesResource resource) {
        return (Map<String, Object>)
                Objects.requireNonNull(resource.getAdditionalProperties().get("spec"));
    }
}

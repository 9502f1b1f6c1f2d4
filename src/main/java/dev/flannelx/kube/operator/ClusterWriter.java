package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.kube.resource.FlannelNodeSpec;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.StaleOrder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the operator writes, but for leases. Every write is of what was read just before, or of what the cache shows, and
 * fails if that was changed meanwhile; and each asks first whether it may be.
 */
final class ClusterWriter {
    private final KubernetesClient client;
    private final Fence fence;
    private final OperatorClocks clocks;

    ClusterWriter(KubernetesClient client, Fence fence, OperatorClocks clocks) {
        this.client = client;
        this.fence = fence;
        this.clocks = clocks;
    }

    /** For what there may be much of to write. */
    <T> Turns<T> turns() {
        return new Turns<>(clocks.decisions());
    }

    /** Has the deletion of the network wait for the operator. */
    void hold(SeenNetwork network) throws IOException {
        editFinalizers(network, finalizers -> {
            var more = new ArrayList<>(finalizers);
            more.add(FlannelNetwork.FINALIZER);
            return more;
        });
    }

    /** Lets the network go. */
    void release(SeenNetwork network) throws IOException {
        editFinalizers(
                network,
                finalizers -> finalizers.stream()
                        .filter(finalizer -> !finalizer.equals(FlannelNetwork.FINALIZER))
                        .toList());
    }

    private void editFinalizers(SeenNetwork network, UnaryOperator<List<String>> how) throws IOException {
        GenericKubernetesResource stored = read(ResourceTypes.NETWORKS, network.name())
                .filter(found -> network.uid().equals(found.getMetadata().getUid()))
                .orElse(null);
        if (stored == null) {
            return;
        }
        List<String> before = stored.getMetadata().getFinalizers();
        List<String> after = how.apply(before).stream().distinct().toList();
        if (!after.equals(before)) {
            stored.getMetadata().setFinalizers(after);
            update(ResourceTypes.NETWORKS, stored);
        }
    }

    /** The status that says that of a network; {@code before} is the status as it is, or null. */
    FlannelNetworkStatus status(NetworkReport report, @Nullable FlannelNetworkStatus before) {
        return StatusMapping.status(report, before, clocks.wall().instant());
    }

    /** @throws IOException if it was not written, also because it has changed since {@code network} was seen */
    void write(OperatedNetwork network, FlannelNetworkStatus status) throws IOException {
        var resource = new GenericKubernetesResource();
        resource.setApiVersion(ResourceTypes.NETWORKS.getGroup() + "/" + ResourceTypes.NETWORKS.getVersion());
        resource.setKind(ResourceTypes.NETWORKS.getKind());
        resource.setMetadata(new ObjectMetaBuilder()
                .withName(network.seen().name())
                .withResourceVersion(network.version())
                .build());
        resource.setAdditionalProperty(
                "status", client.getKubernetesSerialization().convertValue(status, Map.class));
        write(
                resource,
                () -> resources(ResourceTypes.NETWORKS).resource(resource).updateStatus());
    }

    /** Says what the node is to do about a network. */
    void order(String node, String network, NodeOrder order) throws IOException {
        editOrder(node, network, before -> order);
    }

    /** Takes an order back, unless there is another one by now. */
    void takeBack(StaleOrder stale) throws IOException {
        editOrder(stale.node(), stale.network(), before -> before.equals(stale.found()) ? stale.left() : before);
    }

    private void editOrder(String node, String network, UnaryOperator<NodeOrder> how) throws IOException {
        GenericKubernetesResource stored =
                read(ResourceTypes.FLANNEL_NODES, node).orElse(null);
        if (stored == null) {
            return;
        }
        NodeOrder before = FlannelNodeMapping.seen(stored).orders().getOrDefault(network, NodeOrder.NONE);
        NodeOrder after = how.apply(before);
        if (after.equals(before)) {
            return;
        }
        var networks = new HashMap<String, Object>(networks(stored));
        if (after.equals(NodeOrder.NONE)) {
            networks.remove(network);
        } else {
            networks.put(network, new FlannelNodeSpec.NodeOrder(after.generation(), after.teardown()));
        }
        stored.setAdditionalProperty("spec", Map.of("networks", networks));
        update(ResourceTypes.FLANNEL_NODES, stored);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> networks(GenericKubernetesResource agent) {
        return agent.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
                        && spec.get("networks") instanceof Map<?, ?> networks
                ? (Map<String, Object>) networks
                : Map.of();
    }

    /** Tells schedulers that the node's network is there. */
    void networkAvailable(ClusterNode node) throws IOException {
        String time = clocks.wall().instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String patch = client.getKubernetesSerialization()
                .asJson(Map.of(
                        "metadata",
                        Map.of("uid", node.uid()),
                        "status",
                        Map.of(
                                "conditions",
                                List.of(Map.of(
                                        "type", "NetworkUnavailable",
                                        "status", "False",
                                        "reason", "FlannelxIsReady",
                                        "message", "flannelx is ready on this node",
                                        "lastHeartbeatTime", time,
                                        "lastTransitionTime", time)))));
        fence.check();
        finish(
                "Node " + node.name(),
                ApiCall.write(() -> client.nodes()
                        .withName(node.name())
                        .subresource("status")
                        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch)));
    }

    private Optional<GenericKubernetesResource> read(ResourceDefinitionContext type, String name) throws IOException {
        return ApiCall.read(
                () -> Optional.ofNullable(resources(type).withName(name).get()));
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources(ResourceDefinitionContext type) {
        return client.genericKubernetesResources(type);
    }

    private void update(ResourceDefinitionContext type, GenericKubernetesResource resource) throws IOException {
        write(resource, () -> resources(type).resource(resource).update());
    }

    private void write(GenericKubernetesResource resource, Supplier<?> call) throws IOException {
        fence.check();
        finish(resource.getKind() + " " + resource.getMetadata().getName(), ApiCall.write(call));
    }

    private static void finish(String what, Written<?> written) throws IOException {
        switch (written) {
            case Written.Done<?> _ -> {}
            case Written.Conflict<?> _ -> throw new IOException(what + " was changed meanwhile");
            case Written.Refused<?>(String message) -> throw new IOException(what + ": " + message);
        }
    }
}

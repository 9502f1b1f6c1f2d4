package dev.flannelx.app.agent;

import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.NetworkMapping;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.ResourceInformer;
import dev.flannelx.kube.ResourceInformer.Scope;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one node sees of the cluster but for leases: the networks, its own Node, its own FlannelNode. */
final class ClusterView implements AutoCloseable {
    private final String name;
    private final ResourceInformer<SeenNetwork> networks;
    private final ResourceInformer<SeenNode> nodes;
    private final ResourceInformer<SeenFlannelNode> flannelNodes;

    /**
     * What there is to know before a node decides anything.
     *
     * @param orders the operator's; none as long as the FlannelNode has not been seen, in which case what would need them
     *     waits
     */
    record Seen(Collection<SeenNetwork> networks, SeenNode node, Map<String, NodeOrder> orders) {}

    /** @param changed called after each change; must return at once */
    ClusterView(KubernetesClient client, String node, Runnable changed) {
        this.name = node;
        networks = new ResourceInformer<>(
                client, Scope.all(ResourceTypes.NETWORKS), NetworkMapping::seen, _ -> changed.run(), changed);
        nodes = new ResourceInformer<>(
                client, Scope.named(ResourceTypes.NODES, node), NodeMapping::seen, _ -> changed.run(), changed);
        flannelNodes = new ResourceInformer<>(
                client,
                Scope.named(ResourceTypes.FLANNEL_NODES, node),
                FlannelNodeMapping::seen,
                _ -> changed.run(),
                changed);
    }

    void start() {
        informers().forEach(ResourceInformer::start);
    }

    /** Everything as last seen; empty until there is enough to decide on. */
    Optional<Seen> seen() {
        Optional<SeenNode> node = nodes.find(name);
        Optional<Map<String, SeenNetwork>> all = networks.all();
        return node.isEmpty() || all.isEmpty()
                ? Optional.empty()
                : Optional.of(new Seen(
                        all.get().values(),
                        node.get(),
                        flannelNode().map(SeenFlannelNode::orders).orElse(Map.of())));
    }

    Optional<SeenFlannelNode> flannelNode() {
        return flannelNodes.find(name);
    }

    /** Whether it is known that there is, or is no, FlannelNode. */
    boolean hasLookedForFlannelNode() {
        return flannelNodes.hasSynced();
    }

    /** Whether somebody deleted the Node that this agent works for. */
    boolean isNodeGone() {
        return nodes.hasSynced() && nodes.find(name).isEmpty();
    }

    /** What keeps the node from deciding anything, for a person. */
    Optional<String> missing() {
        if (!networks.hasSynced()) {
            return Optional.of("the FlannelNetworks have not been seen yet");
        }
        if (!nodes.hasSynced()) {
            return Optional.of("Node " + name + " has not been seen yet");
        }
        return isNodeGone() ? Optional.of("there is no Node " + name) : Optional.empty();
    }

    List<ResourceInformer<?>> informers() {
        return List.of(networks, nodes, flannelNodes);
    }

    @Override
    public void close() {
        informers().forEach(ResourceInformer::close);
    }
}

package dev.flannelx.app.status;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.NetworkMapping;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.reconcile.DirectiveRules;
import dev.flannelx.reconcile.NetworkStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A cluster's networks and nodes at one moment.
 *
 * @param networks sorted by name
 * @param agents what agents say of their nodes, sorted by name; but for those whose Node is known to be gone
 * @param nodes by name; empty where the reader may not see them
 */
public record ClusterState(List<NetworkState> networks, List<SeenFlannelNode> agents, Map<String, SeenNode> nodes) {
    public ClusterState {
        Map<String, SeenNode> there = Map.copyOf(nodes);
        networks = networks.stream()
                .sorted(Comparator.comparing(NetworkState::name))
                .toList();
        agents = agents.stream()
                .filter(agent -> there.isEmpty() || isThere(agent, there))
                .sorted(Comparator.comparing(SeenFlannelNode::name))
                .toList();
        nodes = there;
    }

    /** As the API server keeps it. */
    static ClusterState of(
            List<GenericKubernetesResource> networks, List<SeenFlannelNode> agents, List<SeenNode> nodes) {
        Map<String, String> older = DirectiveRules.standingBack(
                networks.stream().map(NetworkMapping::seen).toList());
        return new ClusterState(
                networks.stream()
                        .map(resource -> new NetworkState(
                                NetworkMapping.seen(resource),
                                NetworkMapping.status(resource).orElse(null),
                                older.get(resource.getMetadata().getName())))
                        .toList(),
                agents,
                nodes.stream().collect(Collectors.toMap(SeenNode::name, Function.identity())));
    }

    /**
     * Asks for it.
     *
     * @throws IOException if nobody answers, or the answer is no
     */
    public static ClusterState read(KubernetesClient client) throws IOException {
        return of(
                list(client, ResourceTypes.NETWORKS),
                list(client, ResourceTypes.FLANNEL_NODES).stream()
                        .map(FlannelNodeMapping::seen)
                        .toList(),
                nodes(client));
    }

    private static List<SeenNode> nodes(KubernetesClient client) throws IOException {
        try {
            return list(client, ResourceTypes.NODES).stream()
                    .map(NodeMapping::seen)
                    .toList();
        } catch (IOException e) {
            if (ApiCall.isForbidden(e)) {
                return List.of();
            }
            throw e;
        }
    }

    private static List<GenericKubernetesResource> list(KubernetesClient client, ResourceDefinitionContext type)
            throws IOException {
        return ApiCall.read(() -> client.genericKubernetesResources(type).list().getItems());
    }

    private static boolean isThere(SeenFlannelNode agent, Map<String, SeenNode> nodes) {
        SeenNode node = nodes.get(agent.name());
        return node != null && agent.isOf(node);
    }

    /** What of it is about one network; empty if there is none of that name. */
    public Optional<ClusterState> only(String network) {
        return networks.stream()
                .filter(one -> one.name().equals(network))
                .findFirst()
                .map(one -> new ClusterState(
                        List.of(one),
                        agents.stream().map(agent -> only(network, agent)).toList(),
                        nodes));
    }

    private static SeenFlannelNode only(String network, SeenFlannelNode agent) {
        NetworkStatus standing = agent.networks().get(network);
        return new SeenFlannelNode(
                agent.name(),
                agent.uid(),
                agent.nodeUid(),
                agent.orders(),
                agent.renewTime(),
                agent.agentVersion(),
                standing == null ? Map.of() : Map.of(network, standing));
    }

    /** The names of its networks. */
    public List<String> names() {
        return networks.stream().map(NetworkState::name).toList();
    }

    /** The Node of that name, where one may see it. */
    Optional<SeenNode> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /** Whether the node is to join one of the networks. */
    boolean isSelected(SeenNode node) {
        return networks.stream().anyMatch(network -> network.selects(node.labels()));
    }
}

package dev.flannelx.kube.operator;

import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.LeaseInformer;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.ResourceInformer;
import dev.flannelx.kube.ResourceInformer.Scope;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.lease.Lease;
import dev.flannelx.reconcile.operator.AgentReport;
import dev.flannelx.reconcile.operator.ClusterNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All that the operator watches. */
final class Caches implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Caches.class);
    /** What a Node says can take 130 KB of memory before what is of use here has been picked out. */
    private static final long NODES_AT_ONCE = 100;

    /** Hears what changed; must return at once. */
    interface Listener {
        void networkChanged(String name);

        /** The Node of that name, or its FlannelNode. */
        void nodeChanged(String name);

        void leasesChanged();

        /** There is one more kind of thing of which all have been seen. */
        void synced();
    }

    private final ResourceInformer<OperatedNetwork> networks;
    private final ResourceInformer<SeenFlannelNode> agents;
    private final ResourceInformer<SeenNode> nodes;
    private final LeaseInformer leases;

    /** Caches that are empty before {@link #start}. */
    Caches(KubernetesClient client, Listener listener) {
        networks = new ResourceInformer<>(
                client,
                Scope.all(ResourceTypes.NETWORKS),
                OperatedNetwork::of,
                listener::networkChanged,
                listener::synced);
        agents = new ResourceInformer<>(
                client,
                Scope.all(ResourceTypes.FLANNEL_NODES),
                FlannelNodeMapping::seen,
                listener::nodeChanged,
                listener::synced);
        nodes = new ResourceInformer<>(
                client,
                Scope.allInPages(ResourceTypes.NODES, NODES_AT_ONCE),
                NodeMapping::seen,
                listener::nodeChanged,
                listener::synced);
        leases = LeaseInformer.ofAllNetworks(
                client,
                listener::leasesChanged,
                (name, problem) -> LOG.warnf("lease skipped lease=%s: %s", name, problem));
    }

    void start() {
        networks.start();
        agents.start();
        nodes.start();
        leases.start();
    }

    /** Whether all there is has been seen. */
    boolean haveSynced() {
        return networks.hasSynced()
                && agents.hasSynced()
                && nodes.hasSynced()
                && leases.leases().isPresent();
    }

    /** Whether changes are being heard of right now, as far as one can know. */
    boolean areWatching() {
        return networks.isWatching() && agents.isWatching() && nodes.isWatching() && leases.isWatching();
    }

    /** Whether every watch has its thread, be it that nobody answers. */
    boolean areAlive() {
        return networks.isAlive() && agents.isAlive() && nodes.isAlive() && leases.isAlive();
    }

    /** Has all of it compared with what an API server remembers. */
    void compare() {
        networks.compare();
        agents.compare();
        nodes.compare();
        leases.compare();
    }

    Map<String, OperatedNetwork> networks() {
        return networks.all().orElse(Map.of());
    }

    Map<String, SeenFlannelNode> agents() {
        return agents.all().orElse(Map.of());
    }

    List<Lease> leases() {
        return leases.leases().orElse(List.of());
    }

    /** The leases of a network that make no sense, by name, and why. */
    Map<String, String> nonsense(String network) {
        return leases.nonsense(network);
    }

    Map<String, ClusterNode> nodes() {
        Map<String, SeenFlannelNode> all = agents();
        var joined = new HashMap<String, ClusterNode>();
        nodes.all().orElse(Map.of()).forEach((name, node) -> joined.put(name, clusterNode(node, all.get(name))));
        return joined;
    }

    Optional<ClusterNode> node(String name) {
        return nodes.find(name).map(node -> clusterNode(node, agents.find(name).orElse(null)));
    }

    private static ClusterNode clusterNode(SeenNode node, @Nullable SeenFlannelNode agent) {
        return new ClusterNode(
                node.name(),
                node.uid(),
                node.labels(),
                node.health(),
                node.podSubnet(),
                node.networkUnavailable(),
                agent == null || !agent.isOf(node)
                        ? null
                        : new AgentReport(agent.renewTime(), agent.orders(), agent.networks()));
    }

    @Override
    public void close() {
        networks.close();
        agents.close();
        nodes.close();
        leases.close();
    }
}

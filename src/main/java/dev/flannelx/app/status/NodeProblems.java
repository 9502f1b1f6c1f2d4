package dev.flannelx.app.status;

import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.operator.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What there is to say of nodes, those in the same trouble together: of a thousand many have the same. */
final class NodeProblems {
    private static final int NAMED = 3;

    private static final String AGENTS =
            "kubectl -n flannelx-system get pods -l app.kubernetes.io/name=flannelx-agent -o wide";

    /** The reasons of nodes that follow from what is said of their network. */
    private static final Set<String> OF_NETWORKS = Set.of("InvalidNetwork", "Overlaps");

    /**
     * What nodes have in common.
     *
     * @param network that it is about, or empty: it is about the node as a whole
     */
    private record Trouble(Problem.Weight weight, String network, String reason, String advice) {}

    /** That of one node. */
    private record Case(String node, String message) {}

    private final ClusterState cluster;
    private final Map<String, NetworkState> networks;
    private final Instant now;
    private final Map<Trouble, List<Case>> found = new LinkedHashMap<>();

    private NodeProblems(ClusterState cluster, Instant now) {
        this.cluster = cluster;
        this.now = now;
        networks = cluster.networks().stream().collect(Collectors.toMap(NetworkState::name, Function.identity()));
    }

    static List<Problem> of(ClusterState cluster, Instant now) {
        var problems = new NodeProblems(cluster, now);
        problems.withoutAgent();
        cluster.agents().forEach(problems::ofNode);
        cluster.agents()
                .forEach(agent ->
                        agent.networks().values().forEach(standing -> problems.ofNetwork(agent.name(), standing)));
        return problems.found.entrySet().stream()
                .map(entry -> problem(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void withoutAgent() {
        Set<String> agents =
                cluster.agents().stream().map(SeenFlannelNode::name).collect(Collectors.toSet());
        cluster.nodes().values().stream()
                .filter(node -> !agents.contains(node.name()) && cluster.isSelected(node))
                .map(SeenNode::name)
                .sorted()
                .forEach(node -> wrong("", "no agent has said anything", AGENTS, new Case(node, "")));
    }

    private void ofNode(SeenFlannelNode agent) {
        Optional<SeenNode> node = cluster.node(agent.name());
        if (agent.networks().isEmpty() && node.filter(cluster::isSelected).isEmpty()) {
            return;
        }
        if (node.filter(one -> !one.ready()).isPresent()) {
            wrong("", "NodeNotReady", "kubectl get nodes", new Case(agent.name(), ""));
        }
        if (NodeState.isSilent(agent, now)) {
            String last = "the agent was heard of last: " + NodeState.heardOf(agent, now);
            wrong("", "Silent", AGENTS, new Case(agent.name(), last));
        }
    }

    private void ofNetwork(String node, NetworkStatus standing) {
        NetworkState network = networks.get(standing.network());
        boolean paused = network != null && network.seen().paused() && standing.phase() == Phase.PAUSED;
        if (paused || OF_NETWORKS.contains(standing.reason())) {
            return;
        }
        if (!standing.reason().isEmpty()) {
            wrong(standing.network(), standing.reason(), "", new Case(node, standing.message()));
        } else if (!standing.ready()) {
            add(
                    new Trouble(
                            Problem.Weight.UNDER_WAY,
                            standing.network(),
                            standing.phase().text(),
                            ""),
                    new Case(node, standing.message()));
        }
    }

    private void wrong(String network, String reason, String advice, Case one) {
        add(new Trouble(Problem.Weight.WRONG, network, reason, advice), one);
    }

    private void add(Trouble trouble, Case one) {
        found.computeIfAbsent(trouble, key -> new ArrayList<>()).add(one);
    }

    private static Problem problem(Trouble trouble, List<Case> cases) {
        List<String> nodes = cases.stream().map(Case::node).toList();
        String message = cases.getFirst().message();
        return new Problem(
                trouble.weight(),
                (nodes.size() == 1 ? "node " : "nodes ")
                        + Names.first(NAMED, nodes)
                        + (trouble.network().isEmpty() ? "" : " in " + trouble.network()),
                trouble.network(),
                trouble.reason() + (message.isEmpty() ? "" : ": " + message),
                trouble.advice());
    }
}

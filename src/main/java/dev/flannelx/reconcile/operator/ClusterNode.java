package dev.flannelx.reconcile.operator;

import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.Phase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Node, and what its agent says.
 *
 * @param uid which a recreated Node of the same name does not share
 * @param podSubnet the Node's {@code spec.podCIDRs}, or null where nobody gave it any
 * @param networkUnavailable whether its condition {@code NetworkUnavailable} stands in the way of pods
 * @param agent null where this very Node has no FlannelNode
 */
public record ClusterNode(
        String name,
        String uid,
        Map<String, String> labels,
        NodeHealth health,
        @Nullable Subnet podSubnet,
        boolean networkUnavailable,
        @Nullable AgentReport agent) {

    public ClusterNode {
        labels = Map.copyOf(labels);
    }

    /** Where it stands with a network, or null: it has nothing of it. */
    @Nullable
    NetworkStatus standing(String network) {
        return agent == null ? null : agent.networks().get(network);
    }

    /** Whether it found every subnet of the network taken. */
    boolean isWithoutSubnet(String network) {
        NetworkStatus standing = standing(network);
        return standing != null && standing.reason().equals(NetworkStatus.POOL_EXHAUSTED);
    }

    /** Whether pods may be sent there: it is ready in every network that it runs, and runs one. */
    public boolean isConnected() {
        if (agent == null) {
            return false;
        }
        List<NetworkStatus> running = agent.networks().values().stream()
                .filter(standing -> standing.phase() != Phase.REFUSED)
                .toList();
        return !running.isEmpty() && running.stream().allMatch(NetworkStatus::ready);
    }
}

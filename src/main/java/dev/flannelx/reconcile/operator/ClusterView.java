package dev.flannelx.reconcile.operator;

import dev.flannelx.lease.Lease;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cluster as the operator finds it at one moment.
 *
 * @param nodes by name
 * @param leases of all networks
 * @param silentAgents the nodes whose agents have sent no heartbeat for too long, or none ever
 */
public record ClusterView(Map<String, ClusterNode> nodes, List<Lease> leases, Set<String> silentAgents) {
    public ClusterView {
        nodes = Map.copyOf(nodes);
        leases = List.copyOf(leases);
        silentAgents = Set.copyOf(silentAgents);
    }

    List<Lease> leasesOf(String network) {
        return leases.stream().filter(lease -> lease.network().equals(network)).toList();
    }
}

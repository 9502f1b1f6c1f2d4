package dev.flannelx.reconcile.operator;

import dev.flannelx.network.Network;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeHealth;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of a cluster with regard to one network. */
record Members(String network, @Nullable Network spec) {
    /** @param spec null where the network makes no sense: nobody is then asked to leave */
    static List<Member> of(String network, @Nullable Network spec, ClusterView cluster) {
        var members = new Members(network, spec);
        Collection<ClusterNode> nodes = cluster.nodes().values();
        return nodes.stream().map(node -> members.member(node, cluster)).toList();
    }

    private Member member(ClusterNode node, ClusterView cluster) {
        NetworkStatus standing = node.standing(network);
        boolean silent = cluster.silentAgents().contains(node.name());
        return new Member(
                node.name(),
                spec == null ? standing != null : spec.selects(node.labels()),
                standing != null,
                !silent && node.health() != NodeHealth.SILENT,
                standing != null && standing.ready() && !silent && node.health() == NodeHealth.READY,
                standing == null ? 0 : standing.generation(),
                node.agent() == null ? null : node.agent().order(network).generation(),
                standing == null ? 0 : standing.peers().failing());
    }
}

package dev.flannelx.kube.operator;

import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.lease.LeaseExpiry;
import dev.flannelx.lease.LeaseExpiry.Holder;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.AgentReport;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.ClusterView;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a leading operator sees: the caches, and for how long things have been as they are. Not thread-safe. */
final class ClusterSight {
    private final Caches caches;
    private final LeaseExpiry expiry = new LeaseExpiry();

    ClusterSight(Caches caches) {
        this.caches = caches;
    }

    LeaseExpiry expiry() {
        return expiry;
    }

    /** Looks at everything. What is not being watched may be old: how long it has been so is not looked at then. */
    ClusterView look(Instant now) {
        // Asked first: what was read before a watch began again may be old.
        boolean watching = caches.areWatching();
        Map<String, ClusterNode> nodes = caches.nodes();
        if (watching) {
            var holders = new HashMap<String, Holder>();
            nodes.forEach((name, node) -> holders.put(name, holder(node)));
            expiry.look(holders, now);
        } else {
            expiry.pause(now);
        }
        var silent = new HashSet<String>();
        nodes.forEach((name, node) -> {
            AgentReport agent = node.agent();
            if (agent != null
                    && (agent.heartbeat() == null || expiry.isSilent(name, SeenFlannelNode.HEARTBEAT_PATIENCE))) {
                silent.add(name);
            }
        });
        return new ClusterView(nodes, caches.leases(), silent);
    }

    @Nullable
    OperatedNetwork network(String name) {
        return caches.networks().get(name);
    }

    /** The leases of a network that make no sense, by name, and why. */
    Map<String, String> nonsense(String network) {
        return caches.nonsense(network);
    }

    List<SeenNetwork> networks() {
        return caches.networks().values().stream().map(OperatedNetwork::seen).toList();
    }

    private static Holder holder(ClusterNode node) {
        AgentReport agent = node.agent();
        return new Holder(node.uid(), node.health() == NodeHealth.READY, agent == null ? null : agent.heartbeat());
    }
}

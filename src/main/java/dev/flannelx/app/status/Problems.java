package dev.flannelx.app.status;

import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What there is to say of a cluster that is not as it should be, or not as it is to stay. */
final class Problems {
    private Problems() {}

    /** That of networks first. */
    static List<Problem> of(ClusterState cluster, Instant now) {
        List<Problem> ofNodes = NodeProblems.of(cluster, now);
        var all = new ArrayList<Problem>();
        for (NetworkState network : cluster.networks()) {
            all.addAll(NetworkProblems.of(network));
            boolean explained = ofNodes.stream()
                    .map(Problem::network)
                    .anyMatch(name -> name.isEmpty() || name.equals(network.name()));
            // By its own look at the Nodes the operator knows of some that have not said anything.
            if (network.hasReason(Aspect.READY, "NodesNotReady") && !explained) {
                all.add(new Problem(
                        Problem.Weight.WRONG,
                        "network " + network.name(),
                        network.name(),
                        "NodesNotReady: " + network.message(Aspect.READY),
                        ""));
            }
        }
        all.addAll(ofNodes);
        return all;
    }
}

package dev.flannelx.kube;

import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NodeHealth;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Node as somebody finds it in the cluster.
 *
 * @param podSubnet its {@code spec.podCIDRs}, or null where there are none
 * @param health what its kubelet says, or what is said of its kubelet
 * @param networkUnavailable whether somebody said that its network is not there yet
 */
public record SeenNode(
        String name,
        String uid,
        Map<String, String> labels,
        @Nullable Subnet podSubnet,
        NodeHealth health,
        boolean networkUnavailable) {

    public SeenNode {
        labels = Map.copyOf(labels);
    }

    public boolean ready() {
        return health == NodeHealth.READY;
    }
}

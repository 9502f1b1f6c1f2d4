package dev.flannelx.kube;

import dev.flannelx.lease.Subnet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Node as somebody finds it in the cluster.
 *
 * @param podSubnet its {@code spec.podCIDRs}, or null where there are none
 * @param ready whether its kubelet says that it is
 * @param networkUnavailable whether somebody said that its network is not there yet
 */
public record SeenNode(
        String name,
        String uid,
        Map<String, String> labels,
        @Nullable Subnet podSubnet,
        boolean ready,
        boolean networkUnavailable) {

    public SeenNode {
        labels = Map.copyOf(labels);
    }
}

package dev.flannelx.network;

/** Where a node's subnet comes from. */
public enum SubnetSource {
    /** flannelx allocates from the network's pool. */
    POOL("Pool"),
    /** The lease is the Node's {@code spec.podCIDRs}, as in flannel's kube mode. */
    NODE_POD_CIDR("NodePodCIDR");

    private final String text;

    SubnetSource(String text) {
        this.text = text;
    }

    /** The spelling in {@code spec.subnetSource}. */
    public String text() {
        return text;
    }
}

package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** A Node as the owner of what its agent makes: both go together, by uid. */
final class NodeOwner {
    private NodeOwner() {}

    static OwnerReference reference(String node, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .withUid(uid)
                .build();
    }

    static boolean isNode(OwnerReference owner) {
        return "v1".equals(owner.getApiVersion()) && "Node".equals(owner.getKind());
    }
}

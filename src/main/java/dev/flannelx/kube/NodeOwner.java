package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
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

    /** The uid of the owner that is the Node of that name; empty where there is none. */
    static String uid(ObjectMeta metadata, String node) {
        return metadata.getOwnerReferences().stream()
                .filter(owner -> isNode(owner) && node.equals(owner.getName()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse("");
    }

    static boolean isNode(OwnerReference owner) {
        return "v1".equals(owner.getApiVersion()) && "Node".equals(owner.getKind());
    }
}

package dev.flannelx.kube;

import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.kube.resource.FlannelNode;
import dev.flannelx.kube.resource.FlannelNodeSpec;
import dev.flannelx.kube.resource.FlannelNodeStatus;
import dev.flannelx.reconcile.NetworkStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's own FlannelNode: made with an empty spec, which is the operator's, and then written to its status only. Every
 * write carries the uid and the resourceVersion of what it is about. Not thread-safe.
 */
public final class FlannelNodeStore {
    private final KubernetesClient client;
    private final String node;
    private final String agentVersion;
    private @Nullable ObjectMeta known;

    public FlannelNodeStore(KubernetesClient client, String node, String agentVersion) {
        this.client = client;
        this.node = node;
        this.agentVersion = agentVersion;
    }

    /**
     * Writes where the node stands, into a new FlannelNode where there is none; blocks.
     *
     * @param nodeUid of the Node that owns it
     * @return the uid of what was written to
     * @throws IOException if that did not work; says why
     */
    public String write(String nodeUid, Instant renewTime, Collection<NetworkStatus> networks) throws IOException {
        FlannelNodeStatus status = FlannelNodeMapping.status(renewTime, agentVersion, networks);
        if (known != null && write(known, nodeUid, status)) {
            return known.getUid();
        }
        ObjectMeta fresh = look(nodeUid);
        if (!write(fresh, nodeUid, status)) {
            throw new IOException("FlannelNode " + node + " changed while its status was written");
        }
        return fresh.getUid();
    }

    /** Whether what was known to be there still is, and took it. */
    private boolean write(ObjectMeta metadata, String nodeUid, FlannelNodeStatus status) throws IOException {
        known = null;
        requireOwner(metadata, nodeUid);
        GenericKubernetesResource resource = resource(metadata);
        resource.setAdditionalProperty(
                "status", client.getKubernetesSerialization().convertValue(status, Map.class));
        try {
            return switch (ApiCall.write(() -> all().resource(resource).updateStatus())) {
                case Written.Done<GenericKubernetesResource>(var updated) -> {
                    known = updated.getMetadata();
                    yield true;
                }
                case Written.Conflict<GenericKubernetesResource>() -> false;
                case Written.Refused<GenericKubernetesResource>(String message) -> throw new IOException(message);
            };
        } catch (IOException e) {
            if (ApiCall.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    /** The FlannelNode as it is now, made if need be. */
    private ObjectMeta look(String nodeUid) throws IOException {
        GenericKubernetesResource there = ApiCall.read(() -> own().get());
        return there == null ? create(nodeUid) : there.getMetadata();
    }

    private ObjectMeta create(String nodeUid) throws IOException {
        GenericKubernetesResource wanted = resource(new ObjectMetaBuilder()
                .withName(node)
                .withOwnerReferences(NodeOwner.reference(node, nodeUid))
                .build());
        wanted.setAdditionalProperty(
                "spec", client.getKubernetesSerialization().convertValue(FlannelNodeSpec.EMPTY, Map.class));
        return switch (ApiCall.write(() -> all().resource(wanted).create())) {
            case Written.Done<GenericKubernetesResource>(var created) -> created.getMetadata();
            case Written.Conflict<GenericKubernetesResource>() ->
                throw new IOException("FlannelNode " + node + " came while it was made");
            case Written.Refused<GenericKubernetesResource>(String message) -> throw new IOException(message);
        };
    }

    private void requireOwner(ObjectMeta metadata, String nodeUid) throws IOException {
        boolean owned = metadata.getOwnerReferences().stream()
                .anyMatch(owner -> NodeOwner.isNode(owner) && nodeUid.equals(owner.getUid()));
        if (!owned) {
            throw new IOException("FlannelNode %s is not of Node %s with uid %s: it has to be deleted first"
                    .formatted(node, node, nodeUid));
        }
    }

    private Resource<GenericKubernetesResource> own() {
        return all().withName(node);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            all() {
        return client.genericKubernetesResources(ResourceTypes.FLANNEL_NODES);
    }

    private static GenericKubernetesResource resource(ObjectMeta metadata) {
        var type = new FlannelNode();
        var resource = new GenericKubernetesResource();
        resource.setApiVersion(type.getApiVersion());
        resource.setKind(type.getKind());
        resource.setMetadata(metadata);
        return resource;
    }
}

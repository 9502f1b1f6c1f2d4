package dev.flannelx.kube;

import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore.Creation;
import dev.flannelx.reconcile.LeaseStore.Update;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SubnetLeases of one network, as the API server has them at the moment of the call. Creating one under the name of
 * its subnet is the compare-and-swap; every other write carries the resourceVersion of what it was decided on.
 */
public final class StoredLeases {
    private static final String BY_NODE = "spec.nodeName";

    private final KubernetesClient client;
    private final String network;

    public StoredLeases(KubernetesClient client, String network) {
        this.client = client;
        this.network = network;
    }

    /** The leases of a node in all networks, as far as they make sense. */
    public static List<Lease> ofNode(KubernetesClient client, String node) throws IOException {
        return ApiCall.read(() -> client.genericKubernetesResources(ResourceTypes.LEASES)
                        .withField(BY_NODE, node)
                        .list())
                .getItems()
                .stream()
                .flatMap(resource -> understood(resource).stream())
                .toList();
    }

    /** {@link dev.flannelx.reconcile.LeaseStore#create}. */
    public Creation create(Lease lease) throws IOException {
        GenericKubernetesResource wanted = generic(LeaseMapping.toResource(lease));
        return switch (ApiCall.write(() -> resources().resource(wanted).create())) {
            case Written.Done<GenericKubernetesResource>(var created) -> new Creation.Created(readable(created));
            case Written.Refused<GenericKubernetesResource>(String message) -> new Creation.Refused(message);
            case Written.Conflict<GenericKubernetesResource>() -> whoHas(lease);
        };
    }

    /** Whose it is: this node's, if an earlier create came through and its answer did not, or if it is kept for it. */
    private Creation whoHas(Lease wanted) throws IOException {
        String name = LeaseMapping.name(network, wanted.subnet());
        GenericKubernetesResource there =
                read(name).orElseThrow(() -> new IOException("lease " + name + " went away while it was looked at"));
        return switch (LeaseMapping.parse(there)) {
            case ParsedLease.Understood(Lease lease) ->
                isOf(lease, wanted) ? new Creation.Created(lease) : new Creation.Taken(lease.node());
            case ParsedLease.Nonsense _ -> new Creation.Taken("nobody that could be read from " + name);
        };
    }

    /** {@link dev.flannelx.reconcile.LeaseStore#update}. */
    public Update update(Lease lease) throws IOException {
        Optional<Stored> own = own(lease);
        return own.isEmpty() ? new Update.Outdated() : write(own.get().resource(), lease);
    }

    /**
     * Deletes the lease, or empties it where it is a reservation, if it is still that of the same node, by uid. No error
     * if it is gone.
     *
     * @throws IOException if there was no answer, or it changed meanwhile
     */
    public void release(Lease lease) throws IOException {
        Optional<Stored> own = own(lease);
        if (own.isPresent()) {
            giveUp(own.get());
        }
    }

    /**
     * {@link #release}, if nobody has written the lease since it was seen like that.
     *
     * @return whether that was so
     */
    public boolean releaseUnchanged(Lease lease) throws IOException {
        Optional<Stored> own = own(lease).filter(stored -> stored.lease().equals(lease));
        if (own.isPresent()) {
            giveUp(own.get());
        }
        return own.isPresent();
    }

    /** The one of that subnet, if it is there and makes sense. */
    public Optional<Lease> find(Subnet subnet) throws IOException {
        return read(LeaseMapping.name(network, subnet)).flatMap(StoredLeases::understood);
    }

    /** All of them that make sense, by the names of their resources. */
    public Map<String, Lease> all() throws IOException {
        var there = new HashMap<String, Lease>();
        ApiCall.read(() ->
                        resources().withField(LeaseInformer.BY_NETWORK, network).list())
                .getItems()
                .forEach(resource -> understood(resource)
                        .ifPresent(lease -> there.put(resource.getMetadata().getName(), lease)));
        return there;
    }

    private static Optional<Lease> understood(GenericKubernetesResource resource) {
        return LeaseMapping.parse(resource) instanceof ParsedLease.Understood(Lease lease)
                ? Optional.of(lease)
                : Optional.empty();
    }

    /** A lease as the cluster has it. */
    private record Stored(GenericKubernetesResource resource, Lease lease) {}

    /** The one of this subnet, if it is still that of the same node. */
    private Optional<Stored> own(Lease lease) throws IOException {
        GenericKubernetesResource current =
                read(LeaseMapping.name(network, lease.subnet())).orElse(null);
        return current != null
                        && LeaseMapping.parse(current) instanceof ParsedLease.Understood(Lease there)
                        && isOf(there, lease)
                ? Optional.of(new Stored(current, there))
                : Optional.empty();
    }

    private void giveUp(Stored own) throws IOException {
        if (own.lease().reserved()) {
            empty(own);
        } else {
            delete(own.resource());
        }
    }

    private void empty(Stored reservation) throws IOException {
        Lease emptied = reservation.lease().withPublished("", PublicAddress.NONE, "", "");
        if (!emptied.equals(reservation.lease())
                && !(write(reservation.resource(), emptied) instanceof Update.Updated)) {
            throw new IOException("reservation of " + reservation.lease().subnet() + " could not be emptied");
        }
    }

    private void delete(GenericKubernetesResource current) throws IOException {
        ObjectMeta metadata = current.getMetadata();
        Written<?> deleted = ApiCall.write(() -> resources()
                .withName(metadata.getName())
                .lockResourceVersion(metadata.getResourceVersion())
                .delete());
        switch (deleted) {
            case Written.Done<?> _ -> {}
            case Written.Conflict<?> _ ->
                throw new IOException("lease " + metadata.getName() + " changed while it was given up");
            case Written.Refused<?>(String message) -> throw new IOException(message);
        }
    }

    private Update write(GenericKubernetesResource current, Lease lease) throws IOException {
        SubnetLease wanted = LeaseMapping.toResource(lease);
        ObjectMeta metadata = current.getMetadata();
        metadata.setOwnerReferences(wanted.getMetadata().getOwnerReferences());
        metadata.setAnnotations(annotations(metadata.getAnnotations(), lease));
        wanted.setMetadata(metadata);
        GenericKubernetesResource replacement = generic(wanted);
        return switch (ApiCall.write(() -> resources().resource(replacement).update())) {
            case Written.Done<GenericKubernetesResource>(var updated) -> new Update.Updated(readable(updated));
            case Written.Conflict<GenericKubernetesResource>() -> new Update.Outdated();
            case Written.Refused<GenericKubernetesResource>(String message) -> new Update.Refused(message);
        };
    }

    private static Map<String, String> annotations(@Nullable Map<String, String> current, Lease lease) {
        var annotations = new HashMap<String, String>(current == null ? Map.of() : current);
        annotations.remove(SubnetLease.NODE_UID);
        if (lease.reserved() && !lease.nodeUid().isEmpty()) {
            annotations.put(SubnetLease.NODE_UID, lease.nodeUid());
        }
        return annotations;
    }

    /** Whether a lease is that of the node that wants it: by uid, or because a person keeps it for a node of that name. */
    private static boolean isOf(Lease there, Lease wanted) {
        return there.node().equals(wanted.node())
                && (there.reserved() || there.nodeUid().equals(wanted.nodeUid()));
    }

    private static Lease readable(GenericKubernetesResource written) throws IOException {
        return switch (LeaseMapping.parse(written)) {
            case ParsedLease.Understood(Lease lease) -> lease;
            case ParsedLease.Nonsense(String _, String problem) ->
                throw new IOException("what was written came back changed: " + problem);
        };
    }

    private Optional<GenericKubernetesResource> read(String name) throws IOException {
        return ApiCall.read(() -> Optional.ofNullable(resources().withName(name).get()));
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources() {
        return client.genericKubernetesResources(ResourceTypes.LEASES);
    }

    private GenericKubernetesResource generic(SubnetLease lease) {
        return client.getKubernetesSerialization().convertValue(lease, GenericKubernetesResource.class);
    }
}

package dev.flannelx.kube;

import dev.flannelx.hook.Peer;
import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one network, as SubnetLeases. Creating one under the name of its subnet is the compare-and-swap; every
 * other write carries the resourceVersion of what it was decided on.
 */
public final class KubeLeaseStore implements LeaseStore {
    /** So many peers are asked for one by one; more, and one list is cheaper. */
    private static final int ASKED_ONE_BY_ONE = 8;

    private final KubernetesClient client;
    private final String network;
    private final LeaseInformer informer;
    private final LeaseTypeGuard guard;

    /** A store whose {@code informer} watches the same network. */
    public KubeLeaseStore(KubernetesClient client, String network, LeaseInformer informer, LeaseTypeGuard guard) {
        this.client = client;
        this.network = network;
        this.informer = informer;
        this.guard = guard;
    }

    @Override
    public Optional<List<Lease>> leases() {
        return informer.leases();
    }

    @Override
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

    @Override
    public Update update(Lease lease) throws IOException {
        Optional<Stored> own = own(lease);
        return own.isEmpty() ? new Update.Outdated() : write(own.get().resource(), lease);
    }

    @Override
    public void release(Lease lease) throws IOException {
        Optional<Stored> own = own(lease);
        if (own.isEmpty()) {
            return;
        }
        if (own.get().lease().reserved()) {
            empty(own.get());
        } else {
            delete(own.get().resource());
        }
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

    @Override
    public Set<Subnet> confirmGone(List<Peer> peers) throws IOException {
        Map<String, Lease> there = peers.size() > ASKED_ONE_BY_ONE ? readAll() : readEach(peers);
        guard.check();
        var gone = new HashSet<Subnet>();
        for (Peer peer : peers) {
            Lease lease = there.get(LeaseMapping.name(network, peer.subnet()));
            if (lease == null
                    || !lease.node().equals(peer.node())
                    || !lease.subnet().equals(peer.subnet())
                    || lease.publicAddress().isEmpty()) {
                gone.add(peer.subnet());
            }
        }
        return gone;
    }

    private Map<String, Lease> readAll() throws IOException {
        var there = new HashMap<String, Lease>();
        ApiCall.read(() ->
                        resources().withField(LeaseInformer.BY_NETWORK, network).list())
                .getItems()
                .forEach(resource -> keep(resource, there));
        return there;
    }

    private Map<String, Lease> readEach(List<Peer> peers) throws IOException {
        var there = new HashMap<String, Lease>();
        for (Peer peer : peers) {
            read(LeaseMapping.name(network, peer.subnet())).ifPresent(resource -> keep(resource, there));
        }
        return there;
    }

    private static void keep(GenericKubernetesResource resource, Map<String, Lease> there) {
        if (LeaseMapping.parse(resource) instanceof ParsedLease.Understood(Lease lease)) {
            there.put(resource.getMetadata().getName(), lease);
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
            case ParsedLease.Nonsense(String problem) ->
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

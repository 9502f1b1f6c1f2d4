package dev.flannelx.kube;

import dev.flannelx.lease.Lease;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's cache that keeps of each SubnetLease what the core needs, parsed once, and drops the rest: there is one
 * for every node, on every node. What the informer asks back has names and versions only.
 */
final class LeaseItemStore implements ItemStore<GenericKubernetesResource> {
    /** @param lease null for one that makes no sense */
    private record Kept(
            String name,
            String uid,
            String resourceVersion,
            @Nullable Lease lease) {}

    private final Map<String, Kept> items = new ConcurrentHashMap<>();
    private final BiConsumer<String, String> problems;

    /** @param problems hears the name of a lease that makes no sense, and why, each time it is written */
    LeaseItemStore(BiConsumer<String, String> problems) {
        this.problems = problems;
    }

    /** The leases that could be read. */
    List<Lease> leases() {
        return items.values().stream()
                .map(Kept::lease)
                .<Lease>mapMulti((lease, sink) -> {
                    if (lease != null) {
                        sink.accept(lease);
                    }
                })
                .toList();
    }

    @Override
    public String getKey(GenericKubernetesResource resource) {
        return resource.getMetadata().getName();
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        Lease lease = switch (LeaseMapping.parse(resource)) {
            case ParsedLease.Understood(Lease readable) -> readable;
            case ParsedLease.Nonsense(String problem) -> {
                problems.accept(key, problem);
                yield null;
            }
        };
        return shell(items.put(
                key,
                new Kept(
                        metadata.getName(),
                        Objects.toString(metadata.getUid(), ""),
                        Objects.toString(metadata.getResourceVersion(), ""),
                        lease)));
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        return shell(items.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return items.values().stream().map(LeaseItemStore::shellOf);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return shell(items.get(key));
    }

    @Override
    public boolean isFullState() {
        return false;
    }

    private static @Nullable GenericKubernetesResource shell(@Nullable Kept kept) {
        return kept == null ? null : shellOf(kept);
    }

    private static GenericKubernetesResource shellOf(Kept kept) {
        var shell = new GenericKubernetesResource();
        shell.setMetadata(new ObjectMetaBuilder()
                .withName(kept.name())
                .withUid(kept.uid())
                .withResourceVersion(kept.resourceVersion())
                .build());
        return shell;
    }
}

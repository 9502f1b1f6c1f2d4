package dev.flannelx.kube;

import dev.flannelx.lease.Lease;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Watches the leases of one network: the API server selects them, so that a node hears nothing of networks that it does
 * not join. Events only wake; what is true is in the cache.
 */
public final class LeaseInformer implements AutoCloseable {
    static final String BY_NETWORK = "spec.network";

    private final LeaseItemStore store;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private final Runnable wake;

    /**
     * An informer that does nothing before {@link #start}.
     *
     * @param wake called after each change, and once the leases have been seen completely; must return at once
     * @param problems hears the name of a lease that makes no sense, and why
     */
    public LeaseInformer(KubernetesClient client, String network, Runnable wake, BiConsumer<String, String> problems) {
        this.wake = wake;
        store = new LeaseItemStore(problems);
        informer = client.genericKubernetesResources(ResourceTypes.LEASES)
                .withField(BY_NETWORK, network)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store)
                .exceptionHandler((_, _) -> true)
                .addEventHandler(new Wake<>(wake));
    }

    /** Starts watching, however long it takes until the API server answers. */
    public void start() {
        informer.start().thenRun(wake);
    }

    /** The leases as last seen; empty until they have been seen completely. */
    public Optional<List<Lease>> leases() {
        return informer.hasSynced() ? Optional.of(store.leases()) : Optional.empty();
    }

    /** Whether changes are being heard of right now. */
    public boolean isWatching() {
        return informer.isWatching();
    }

    @Override
    public void close() {
        informer.close();
    }
}

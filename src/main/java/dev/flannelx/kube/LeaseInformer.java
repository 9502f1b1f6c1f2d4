package dev.flannelx.kube;

import dev.flannelx.lease.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Watches the leases of one network: the API server selects them, so that a node hears nothing of networks that it does
 * not join. The operator watches those of all networks. Events only wake; what is true is in the cache.
 */
public final class LeaseInformer implements AutoCloseable {
    static final String BY_NETWORK = "spec.network";

    private final LeaseCache cache;
    private final ListWatch watch;

    /**
     * An informer that does nothing before {@link #start}.
     *
     * @param wake called after each change, and once the leases have been seen completely; must return at once
     * @param problems hears the name of a lease that makes no sense, and why, each time that is news
     */
    public LeaseInformer(KubernetesClient client, String network, Runnable wake, BiConsumer<String, String> problems) {
        this(client, Map.of(BY_NETWORK, network), new LeaseCache(wake, problems));
    }

    private LeaseInformer(KubernetesClient client, Map<String, String> fields, LeaseCache cache) {
        this.cache = cache;
        watch = new ListWatch(client, ResourceTypes.LEASES, fields, cache);
    }

    /** One that watches the leases of all networks, and does nothing before {@link #start} either. */
    public static LeaseInformer ofAllNetworks(
            KubernetesClient client, Runnable wake, BiConsumer<String, String> problems) {
        return new LeaseInformer(client, Map.of(), new LeaseCache(wake, problems));
    }

    /** Starts watching, however long it takes until the API server answers. */
    public void start() {
        watch.start();
    }

    /** The leases as last seen; empty until they have been seen completely. */
    public Optional<List<Lease>> leases() {
        return cache.leases();
    }

    /** Those of a network that make no sense, by name, and why, as last seen. */
    public Map<String, String> nonsense(String network) {
        return cache.nonsense(network);
    }

    /** {@link ListWatch#isAlive}. */
    public boolean isAlive() {
        return watch.isAlive();
    }

    /** Whether changes are being heard of right now, as far as one can know. */
    public boolean isWatching() {
        return watch.isWatching();
    }

    /**
     * Has the cache compared with what an API server remembers, which is never older, and mends it. For a tick with
     * jitter, at most once in ten minutes: it costs the API server a list.
     */
    public void compare() {
        watch.compare();
    }

    @Override
    public void close() {
        watch.close();
    }
}

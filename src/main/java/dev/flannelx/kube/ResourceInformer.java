package dev.flannelx.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Watches resources of one type, none of which has a namespace, and keeps of each what a mapping makes of it. Events only
 * say the name of what changed; what is true is in the cache. While the API server or the type is away the cache stays as
 * it was last seen.
 */
public final class ResourceInformer<T> implements AutoCloseable {
    /**
     * What is watched.
     *
     * @param fields that the API server selects by; empty for all
     * @param pageSize how many are listed at once, at most; 0 for all, which an API server need not ask etcd for
     */
    public record Scope(ResourceDefinitionContext type, Map<String, String> fields, long pageSize) {
        public Scope {
            fields = Map.copyOf(fields);
        }

        public static Scope all(ResourceDefinitionContext type) {
            return new Scope(type, Map.of(), 0);
        }

        public static Scope allInPages(ResourceDefinitionContext type, long pageSize) {
            return new Scope(type, Map.of(), pageSize);
        }

        public static Scope named(ResourceDefinitionContext type, String name) {
            return new Scope(type, Map.of("metadata.name", name), 0);
        }
    }

    private final Function<GenericKubernetesResource, T> mapping;
    private final Consumer<String> changed;
    private final Runnable synced;
    private final ListWatch watch;
    private final Map<String, T> resources = new HashMap<>();
    private boolean complete;

    /**
     * An informer that does nothing before {@link #start}.
     *
     * @param mapping throws nothing, whatever somebody wrote; a resource whose value stays equal did not change
     * @param changed hears the name of what was added, changed or deleted; must return at once
     * @param synced called once, when all there is has been seen, be it nothing; must return at once
     */
    public ResourceInformer(
            KubernetesClient client,
            Scope scope,
            Function<GenericKubernetesResource, T> mapping,
            Consumer<String> changed,
            Runnable synced) {
        this.mapping = mapping;
        this.changed = changed;
        this.synced = synced;
        watch = new ListWatch(
                new Selection(client, scope.type(), scope.fields(), scope.pageSize()), new Cache(), ListWatch.SILENCE);
    }

    /** Starts watching, however long it takes until the API server answers. */
    public void start() {
        watch.start();
    }

    /** All there is, by name, as last seen; empty until it has been seen completely. */
    public synchronized Optional<Map<String, T>> all() {
        return complete ? Optional.of(Map.copyOf(resources)) : Optional.empty();
    }

    /** The one of that name, as last seen. */
    public synchronized Optional<T> find(String name) {
        return Optional.ofNullable(resources.get(name));
    }

    /** Whether all there is has been seen. */
    public synchronized boolean hasSynced() {
        return complete;
    }

    /** {@link ListWatch#isAlive}. */
    public boolean isAlive() {
        return watch.isAlive();
    }

    /** Whether changes are being heard of right now, as far as one can know. */
    public boolean isWatching() {
        return watch.isWatching();
    }

    /** Has the cache compared with what an API server remembers, which is never older, and mends it. */
    public void compare() {
        watch.compare();
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Takes over what there is; returns the names of what is news. */
    private synchronized Set<String> replace(Map<String, T> all) {
        Set<String> news = new HashSet<>(resources.keySet());
        news.addAll(all.keySet());
        news.removeIf(name -> all.containsKey(name) && all.get(name).equals(resources.get(name)));
        resources.clear();
        resources.putAll(all);
        return news;
    }

    private synchronized boolean complete() {
        boolean first = !complete;
        complete = true;
        return first;
    }

    private synchronized boolean put(String name, T value) {
        return !value.equals(resources.put(name, value));
    }

    private synchronized boolean remove(String name) {
        return resources.remove(name) != null;
    }

    private final class Cache implements ListWatch.Listener {
        @Override
        public void listed(Iterable<GenericKubernetesResource> listed) {
            var all = new HashMap<String, T>();
            listed.forEach(resource -> all.put(name(resource), mapping.apply(resource)));
            Set<String> news = replace(all);
            if (complete()) {
                synced.run();
            }
            news.forEach(changed);
        }

        @Override
        public void changed(GenericKubernetesResource resource) {
            if (put(name(resource), mapping.apply(resource))) {
                changed.accept(name(resource));
            }
        }

        @Override
        public void deleted(GenericKubernetesResource resource) {
            if (remove(name(resource))) {
                changed.accept(name(resource));
            }
        }

        private static String name(GenericKubernetesResource resource) {
            return resource.getMetadata().getName();
        }
    }
}

package dev.flannelx.kube;

import dev.flannelx.lease.Lease;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases as last seen: of each SubnetLease what the core needs, parsed once. The rest is dropped, since there is one
 * for every node, on every node.
 */
final class LeaseCache implements ListWatch.Listener {
    private final Map<String, ParsedLease> leases = new HashMap<>();
    private final Runnable wake;
    private final BiConsumer<String, String> problems;
    private boolean complete;

    /**
     * One that knows nothing yet.
     *
     * @param wake called after each change, and when all leases have been seen; must return at once
     * @param problems hears the name of a lease that makes no sense, and why, each time that is news
     */
    LeaseCache(Runnable wake, BiConsumer<String, String> problems) {
        this.wake = wake;
        this.problems = problems;
    }

    /** Those that could be read; empty until all have been seen. */
    synchronized Optional<List<Lease>> leases() {
        if (!complete) {
            return Optional.empty();
        }
        var readable = new ArrayList<Lease>(leases.size());
        for (ParsedLease parsed : leases.values()) {
            if (parsed instanceof ParsedLease.Understood(Lease lease)) {
                readable.add(lease);
            }
        }
        return Optional.of(readable);
    }

    /** Those of a network that make no sense, by name, and why, as last seen. */
    synchronized Map<String, String> nonsense(String network) {
        var problems = new HashMap<String, String>();
        leases.forEach((name, parsed) -> {
            if (parsed instanceof ParsedLease.Nonsense(String of, String problem) && of.equals(network)) {
                problems.put(name, problem);
            }
        });
        return problems;
    }

    @Override
    public void listed(Iterable<GenericKubernetesResource> resources) {
        var listed = new HashMap<String, ParsedLease>();
        resources.forEach(resource -> listed.put(name(resource), LeaseMapping.parse(resource)));
        if (replace(listed)) {
            wake.run();
        }
    }

    private synchronized boolean replace(Map<String, ParsedLease> listed) {
        boolean news = !complete || !listed.equals(leases);
        listed.forEach((name, parsed) -> report(name, parsed, leases.get(name)));
        leases.clear();
        leases.putAll(listed);
        complete = true;
        return news;
    }

    @Override
    public void changed(GenericKubernetesResource resource) {
        if (put(name(resource), LeaseMapping.parse(resource))) {
            wake.run();
        }
    }

    private synchronized boolean put(String name, ParsedLease parsed) {
        ParsedLease before = leases.put(name, parsed);
        report(name, parsed, before);
        return !parsed.equals(before);
    }

    @Override
    public void deleted(GenericKubernetesResource resource) {
        if (remove(name(resource))) {
            wake.run();
        }
    }

    private synchronized boolean remove(String name) {
        return leases.remove(name) != null;
    }

    private void report(String name, ParsedLease parsed, @Nullable ParsedLease before) {
        if (parsed instanceof ParsedLease.Nonsense(String _, String problem) && !parsed.equals(before)) {
            problems.accept(name, problem);
        }
    }

    private static String name(GenericKubernetesResource resource) {
        return resource.getMetadata().getName();
    }
}

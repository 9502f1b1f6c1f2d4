package dev.flannelx.app.agent;

import dev.flannelx.lease.CountedLeases;
import dev.flannelx.reconcile.NetworkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The leases of one network that its node does without: those that make no sense, and those that do not count. Each is
 * logged when it turns up; the status shows them as long as they are there. Thread-safe.
 */
final class SkippedLeases {
    private static final Logger LOG = Logger.getLogger(SkippedLeases.class);
    private static final String REASON = "LeasesSkipped";
    /** Of so many the status says what is wrong with them. */
    private static final int SHOWN = 3;

    private final String network;
    private final String node;
    private Set<CountedLeases.Skipped> uncounted = Set.of();
    private List<String> problems = List.of();

    SkippedLeases(String network, String node) {
        this.network = network;
        this.node = node;
    }

    /** A lease makes no sense. */
    void nonsense(String lease, String problem) {
        LOG.warnf("lease skipped network=%s node=%s lease=%s: %s", network, node, lease, problem);
    }

    /** These are all that do not count. */
    synchronized void uncounted(List<CountedLeases.Skipped> skipped) {
        skipped.stream()
                .filter(lease -> !uncounted.contains(lease))
                .forEach(lease -> LOG.warnf(
                        "lease skipped network=%s node=%s subnet=%s: %s",
                        network, node, lease.lease().subnet(), lease.reason()));
        uncounted = Set.copyOf(skipped);
        problems = skipped.stream()
                .map(lease -> lease.lease().subnet() + ": " + lease.reason())
                .toList();
    }

    /**
     * The status with what is skipped, where nothing else is out of the ordinary.
     *
     * @param nonsense the leases that make no sense by now, by name, and why
     */
    synchronized NetworkStatus tell(NetworkStatus status, Map<String, String> nonsense) {
        var all = new ArrayList<String>();
        nonsense.forEach((lease, problem) -> all.add(lease + ": " + problem));
        all.addAll(problems);
        if (all.isEmpty()) {
            return status;
        }
        String more = all.size() > SHOWN ? "; and %d more".formatted(all.size() - SHOWN) : "";
        return status.otherwise(REASON, String.join("; ", all.subList(0, Math.min(all.size(), SHOWN))) + more);
    }
}

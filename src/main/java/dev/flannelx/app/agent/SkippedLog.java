package dev.flannelx.app.agent;

import dev.flannelx.lease.CountedLeases.Skipped;
import dev.flannelx.lease.SkippedLeases;
import dev.flannelx.reconcile.NetworkStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Tells people which leases of one network its node does without: each by a log line when it turns up, and all by the
 * status as long as they are there. Thread-safe.
 */
final class SkippedLog {
    private static final Logger LOG = Logger.getLogger(SkippedLog.class);

    private final String network;
    private final String node;
    private List<Skipped> uncounted = List.of();

    SkippedLog(String network, String node) {
        this.network = network;
        this.node = node;
    }

    /** A lease makes no sense. */
    void nonsense(String lease, String problem) {
        LOG.warnf("lease skipped network=%s node=%s lease=%s: %s", network, node, lease, problem);
    }

    /** These are all that do not count. */
    synchronized void uncounted(List<Skipped> skipped) {
        Set<Skipped> before = Set.copyOf(uncounted);
        skipped.stream()
                .filter(lease -> !before.contains(lease))
                .forEach(lease -> LOG.warnf(
                        "lease skipped network=%s node=%s subnet=%s: %s",
                        network, node, lease.lease().subnet(), lease.reason()));
        uncounted = List.copyOf(skipped);
    }

    /**
     * The status with what is skipped, where nothing else is out of the ordinary.
     *
     * @param nonsense the leases that make no sense by now, by name, and why
     */
    synchronized NetworkStatus tell(NetworkStatus status, Map<String, String> nonsense) {
        String summary = new SkippedLeases(nonsense, uncounted).summary();
        return summary.isEmpty() ? status : status.otherwise(NetworkStatus.LEASES_SKIPPED, summary);
    }
}

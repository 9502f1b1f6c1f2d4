package dev.flannelx.kube.operator;

import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.event.ClusterEvent;
import dev.flannelx.kube.event.ClusterEvent.Subject;
import dev.flannelx.kube.event.EventRecorder;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.SkippedLeases;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.ClusterNode;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.Removal;
import dev.flannelx.reconcile.operator.SubnetFigures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Tells people, by log and events, what happened; each thing once. Not thread-safe. */
final class OperatorEvents {
    private static final Logger LOG = Logger.getLogger(OperatorEvents.class);

    private final EventRecorder recorder;
    /** What was said last, by what it was about. */
    private final Map<String, String> said = new HashMap<>();

    OperatorEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /**
     * What is out of the ordinary in a network.
     *
     * @param nonsense the leases of it that make no sense, by name, and why
     */
    void reported(SeenNetwork network, NetworkReport report, Map<String, String> nonsense) {
        tell(network, "RolloutHalted", "RollOut", report.haltedBecause());
        SubnetFigures subnets = report.subnets();
        tell(
                network,
                NetworkStatus.LEASES_SKIPPED,
                "Observe",
                new SkippedLeases(nonsense, subnets == null ? List.of() : subnets.skipped()).summary());
        tell(
                network,
                "PublicAddressShared",
                "Observe",
                subnets == null
                        ? ""
                        : subnets.shared().entrySet().stream()
                                .map(entry -> "%s is claimed by %s"
                                        .formatted(entry.getKey(), String.join(", ", entry.getValue())))
                                .collect(Collectors.joining("; ")));
    }

    void raised(String network, String node, long generation) {
        LOG.infof("rolling out generation %d network=%s node=%s", generation, network, node);
    }

    void tornDown(SeenNetwork network) {
        LOG.infof("torn down network=%s", network.name());
        forget(network.name());
    }

    void leftBehind(SeenNetwork network) {
        tell(
                network,
                "TeardownTimedOut",
                "TearDown",
                "not every node has taken it down: those find it when they come back");
        forget(network.name());
    }

    void goesWithItsType(SeenNetwork network) {
        LOG.warnf("let go without a teardown, since its type is being deleted network=%s", network.name());
        forget(network.name());
    }

    /** A lease was taken away; {@code networks} are all that there are. */
    void removed(Removal removal, List<SeenNetwork> networks) {
        Lease lease = removal.lease();
        String what = lease.reserved() ? "emptied" : "deleted";
        LOG.infof(
                "lease %s network=%s node=%s subnet=%s: %s",
                what, lease.network(), lease.node(), lease.subnet(), removal.reason());
        networks.stream()
                .filter(network -> network.name().equals(lease.network()))
                .forEach(network -> recorder.record(new ClusterEvent(
                        subject(network),
                        null,
                        ClusterEvent.Type.NORMAL,
                        lease.reserved() ? "LeaseEmptied" : "LeaseDeleted",
                        "CleanUp",
                        "%s of node %s %s: %s".formatted(lease.subnet(), lease.node(), what, removal.reason()))));
    }

    /** A node's agent is silent though its Node is ready; empty where that is over. */
    void silent(ClusterNode node, String message) {
        if (isNews("silent " + node.name(), message) && !message.isEmpty()) {
            LOG.warnf("%s node=%s", message, node.name());
            recorder.record(new ClusterEvent(
                    new Subject("v1", "Node", node.name(), node.uid()),
                    null,
                    ClusterEvent.Type.WARNING,
                    "AgentSilent",
                    "Observe",
                    message));
        }
    }

    private void tell(SeenNetwork network, String reason, String action, String message) {
        if (isNews(network.name() + " " + reason, message) && !message.isEmpty()) {
            LOG.warnf("%s network=%s: %s", reason, network.name(), message);
            recorder.record(
                    new ClusterEvent(subject(network), null, ClusterEvent.Type.WARNING, reason, action, message));
        }
    }

    private boolean isNews(String about, String message) {
        String before = message.isEmpty() ? said.remove(about) : said.put(about, message);
        return !message.equals(before);
    }

    private void forget(String network) {
        said.keySet().removeIf(about -> about.startsWith(network + " "));
    }

    private static Subject subject(SeenNetwork network) {
        return new Subject(
                ResourceTypes.NETWORKS.getGroup() + "/" + ResourceTypes.NETWORKS.getVersion(),
                ResourceTypes.NETWORKS.getKind(),
                network.name(),
                network.uid());
    }
}

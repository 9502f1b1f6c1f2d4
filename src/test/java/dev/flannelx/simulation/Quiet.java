package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.kube.resource.SubnetLeaseSpec;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.simulation.Operation.Answer;
import dev.flannelx.simulation.Operation.Claim;
import dev.flannelx.simulation.Operation.HookEnd;
import dev.flannelx.simulation.Operation.Rest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** What must be true once everybody behaves, and a while has passed. */
final class Quiet {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SimulatedCluster cluster;

    Quiet(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Waits until everything is as it should be, or would be if nobody had the subnet of another; who was robbed of it
     * must say so.
     *
     * @return those that were robbed
     */
    List<SimulatedNode> await() {
        return await(PATIENCE);
    }

    /** The same, within that time. */
    List<SimulatedNode> await(Duration patience) {
        var robbed = new ArrayList<SimulatedNode>();
        Awaitility.await("quiet")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    robbed.clear();
                    check(robbed);
                });
        return robbed;
    }

    private void check(List<SimulatedNode> robbed) {
        removeSurplus();
        long generation = cluster.network().getMetadata().getGeneration();
        Map<String, SubnetLeaseSpec> leases = cluster.leases();
        for (SimulatedNode node : cluster.nodes()) {
            if (!node.isJoined()) {
                checkLeft(node, leases);
            } else if (isRobbed(node, leases)) {
                checkRobbed(node, leases);
                robbed.add(node);
            } else {
                checkJoined(node, generation, leases);
            }
        }
    }

    private static boolean isRobbed(SimulatedNode node, Map<String, SubnetLeaseSpec> leases) {
        SubnetLeaseSpec lease = leases.get(String.valueOf(status(node).subnet()));
        return lease != null && !lease.nodeName().equals(node.name());
    }

    private static NetworkStatus status(SimulatedNode node) {
        return node.status().orElseThrow(() -> new AssertionError(node.name() + " knows nothing of the network"));
    }

    /** What the operator would do: a node keeps the lease that it says is its own. */
    private void removeSurplus() {
        Map<String, SubnetLeaseSpec> leases = cluster.leases();
        for (SimulatedNode node : cluster.nodes()) {
            List<String> own = leases.values().stream()
                    .filter(lease -> lease.nodeName().equals(node.name()))
                    .map(SubnetLeaseSpec::subnet)
                    .toList();
            String kept =
                    node.status().map(status -> String.valueOf(status.subnet())).orElse("");
            if (own.size() > 1 && own.contains(kept)) {
                own.stream().filter(subnet -> !subnet.equals(kept)).forEach(cluster::free);
            }
        }
    }

    private static void checkJoined(SimulatedNode node, long generation, Map<String, SubnetLeaseSpec> leases) {
        NetworkStatus status = status(node);
        assertThat(status.ready()).as("%s", status).isTrue();
        assertThat(status.reason()).as("%s", status).isEmpty();
        assertThat(status.generation()).as("%s", status).isEqualTo(generation);
        assertThat(leases).as("lease of %s", status).containsKey(String.valueOf(status.subnet()));
        checkPeers(node, SimulatedCluster.wanted(node.name(), leases));
    }

    private static void checkRobbed(SimulatedNode node, Map<String, SubnetLeaseSpec> leases) {
        NetworkStatus status = status(node);
        assertThat(status.ready()).as("%s", status).isFalse();
        assertThat(status.reason()).as("%s", status).isEqualTo("SubnetLost");
        if (!node.machine().isUp()) {
            // It was robbed before it was up, and does not come up.
            assertThat(node.machine().peers())
                    .as("what %s has applied", node.name())
                    .isEmpty();
            return;
        }
        // It has no way to whoever has its subnet now.
        Set<String> wanted = SimulatedCluster.wanted(node.name(), leases);
        wanted.removeIf(peer -> peer.startsWith(status.subnet() + " "));
        checkPeers(node, wanted);
    }

    private static void checkPeers(SimulatedNode node, Set<String> wanted) {
        assertThat(node.machine().peers())
                .as("what %s has applied, %s", node.name(), node.status())
                .isEqualTo(wanted);
        assertThat(status(node).peers())
                .as("what %s says", node.name())
                .isEqualTo(new NetworkStatus.Peers(wanted.size(), wanted.size(), 0, 0));
    }

    private static void checkLeft(SimulatedNode node, Map<String, SubnetLeaseSpec> leases) {
        assertThat(node.hasForgotten())
                .as("whether %s has forgotten", node.name())
                .isTrue();
        assertThat(node.machine().peers())
                .as("what %s has applied", node.name())
                .isEmpty();
        assertThat(node.machine().isUp()).as("whether %s is up", node.name()).isFalse();
        assertThat(leases.values()).extracting(SubnetLeaseSpec::nodeName).doesNotContain(node.name());
    }

    /** Waits until the operator says of the network what is true of it. */
    void awaitReport() {
        Awaitility.await("the operator's report").atMost(PATIENCE).untilAsserted(() -> {
            GenericKubernetesResource network = cluster.network();
            long joined =
                    cluster.nodes().stream().filter(SimulatedNode::isJoined).count();
            assertThat(network.<Object>get("status", "nodes", "summary")).isEqualTo(joined + "/" + joined);
            assertThat(network.<Object>get("status", "observedGeneration"))
                    .isEqualTo(network.getMetadata().getGeneration().intValue());
            assertThat(network.<Object>get("status", "subnets", "allocated"))
                    .isEqualTo(cluster.leases().size());
        });
    }

    /** Judges all that was done since the last time, and begins anew from what it came to; tells how much it was. */
    String judge() {
        Map<String, SubnetLeaseSpec> leases = cluster.leases();
        var wanted = new HashMap<String, Set<String>>();
        cluster.nodes().stream()
                .filter(SimulatedNode::isJoined)
                .forEach(node -> wanted.put(node.name(), SimulatedCluster.wanted(node.name(), leases)));
        Recording recording = cluster.recording();
        recording.add(new Rest(wanted));
        assertThat(Recording.violations(recording.all())).isEmpty();
        String summary = recording.summary();
        recording.restart(outcome(leases));
        return summary;
    }

    private List<Operation> outcome(Map<String, SubnetLeaseSpec> leases) {
        var outcome = new ArrayList<Operation>();
        leases.values().forEach(lease -> outcome.add(new Claim(lease.nodeName(), lease.subnet(), Answer.HELD)));
        for (SimulatedNode node : cluster.nodes()) {
            for (String peer : node.machine().peers()) {
                int space = peer.indexOf(' ');
                outcome.add(new HookEnd(
                        node.name(), Hook.SUBNET_ADD, peer.substring(0, space), peer.substring(space + 1), true));
            }
        }
        return outcome;
    }
}

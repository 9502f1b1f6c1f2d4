package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.flannelx.kube.resource.SubnetLeaseSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a whole cluster at once, with agents and operators that ship and machines that are simulated. */
class DisasterIT {
    private static final int NODES = 6;
    private static final Duration CATCHING_UP = Duration.ofSeconds(30);
    private static final String LEASE_TYPE = "k8s/base/crds/subnetleases.yaml";
    private static final String NETWORK_TYPE = "k8s/base/crds/flannelnetworks.yaml";

    @TempDir
    private Path folder;

    private SimulatedCluster cluster;
    private Quiet quiet;

    @BeforeEach
    void settle() throws IOException {
        cluster = new SimulatedCluster(NODES, new Random().nextLong(), folder);
        quiet = new Quiet(cluster);
        cluster.startNodes();
        cluster.operators().forEach(SimulatedOperator::start);
        assertThat(quiet.await()).isEmpty();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void anApiServerThatIsAwayForAMinuteTakesNothingWithIt() throws Exception {
        Map<String, String> subnets = subnets();
        Map<String, Integer> changes = changes();
        cluster.server().stop();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        node(1).kill();
        node(1).start();
        node(2).stop();
        cluster.operators().getFirst().kill();
        cluster.operators().getFirst().start();
        await("a minute to pass")
                .until(() -> System.nanoTime() - start > Duration.ofMinutes(1).toNanos());
        assertThat(Duration.ofNanos(cpuNanos() - cpu))
                .as("CPU time of %d agents and two operators in that minute", NODES)
                .isLessThan(Duration.ofSeconds(20));
        assertThat(changes()).as("hooks").isEqualTo(changes);

        cluster.server().start();
        node(2).start();
        cluster.occupy("newcomer", freeSubnet());
        assertThat(quiet.await(CATCHING_UP)).isEmpty();
        assertThat(subnets()).containsAllEntriesOf(subnets);
        changes.replaceAll((_, before) -> before + 1);
        assertThat(changes()).as("one add each").isEqualTo(changes);
    }

    @Test
    void anEtcdThatIsAsItWasBeforeIsTheTruth() throws Exception {
        node(0).leave();
        node(1).leave();
        assertThat(quiet.await()).isEmpty();
        Path snapshot = cluster.server().etcd().snapshot();
        Map<String, String> subnets = subnets();
        // Node 2 leaves and two come of whom the snapshot knows nothing, be it that one has the other's subnet.
        node(2).leave();
        assertThat(quiet.await()).isEmpty();
        node(0).join();
        node(1).join();
        assertThat(quiet.await()).isEmpty();
        cluster.server().stop();
        cluster.server().etcd().restore(snapshot);
        cluster.server().start();
        // Where others have brought it back to the version that an agent saw last, only a comparison can tell.
        cluster.compareOften();

        node(0).join();
        node(1).join();
        node(2).join();
        assertThat(quiet.await()).isEmpty();
        subnets.remove(node(2).name());
        assertThat(subnets()).containsAllEntriesOf(subnets);
    }

    @Test
    void leasesWhoseTypeIsDeletedComeBackWithIt() throws Exception {
        Map<String, String> subnets = subnets();
        Map<String, Integer> changes = changes();
        cluster.server().kubectlOrFail("delete", "-f", LEASE_TYPE);
        await("the agents to have missed their leases")
                .until(() -> cluster.nodes().stream()
                        .allMatch(node -> !node.status().orElseThrow().ready()));
        assertThat(changes()).as("hooks while the type is gone").isEqualTo(changes);
        cluster.server().applyTypes("-f", LEASE_TYPE);

        await("every node to have its subnet again")
                .until(() -> subnets().equals(subnets)
                        && cluster.nodes().stream()
                                .allMatch(node -> node.status().orElseThrow().ready()));
        assertThat(changes()).as("hooks").isEqualTo(changes);
    }

    @Test
    void networksWhoseTypeIsDeletedStayAsTheyAreOnTheNodes() throws Exception {
        Map<String, String> subnets = subnets();
        Map<String, Integer> changes = changes();
        cluster.server().kubectlOrFail("delete", "--timeout=120s", "-f", NETWORK_TYPE);
        await("the agents to have missed the network")
                .until(() -> cluster.nodes().stream()
                        .allMatch(node -> node.status().orElseThrow().reason().equals("NetworkGone")));
        assertThat(changes()).as("hooks while the type is gone").isEqualTo(changes);
        cluster.server().applyTypes("-f", NETWORK_TYPE);
        cluster.createNetwork();

        assertThat(quiet.await()).isEmpty();
        assertThat(subnets()).isEqualTo(subnets);
        assertThat(changes()).as("hooks").isEqualTo(changes);
    }

    @Test
    void halfOfTheLeasesDeletedByMistakeCutNoConnection() throws Exception {
        cluster.removalGrace("1h");
        assertThat(quiet.await()).isEmpty();
        Map<String, String> subnets = subnets();
        List<SimulatedNode> silent = cluster.nodes().subList(0, NODES / 2);
        List<SimulatedNode> watching = cluster.nodes().subList(NODES / 2, NODES);
        for (SimulatedNode node : silent) {
            node.kill();
        }
        Map<String, Integer> changes = changes();
        silent.forEach(node -> cluster.free(subnets.get(node.name())));
        await("the others to hold the removals")
                .until(() -> watching.stream()
                        .allMatch(node -> node.status().orElseThrow().reason().equals("RemovalsHeld")));
        assertThat(changes()).as("hooks").isEqualTo(changes);

        cluster.startNodes();
        assertThat(quiet.await()).isEmpty();
        assertThat(subnets()).isEqualTo(subnets);
        assertThat(changes()).as("hooks").isEqualTo(changes);
    }

    private SimulatedNode node(int index) {
        return cluster.nodes().get(index);
    }

    /** Each node's subnet, by the leases. */
    private Map<String, String> subnets() {
        var subnets = new TreeMap<String, String>();
        for (SubnetLeaseSpec lease : cluster.leases().values()) {
            subnets.put(lease.nodeName(), lease.subnet());
        }
        return subnets;
    }

    private String freeSubnet() {
        Map<String, SubnetLeaseSpec> leases = cluster.leases();
        int number = 1;
        while (leases.containsKey(SimulatedCluster.subnet(number))) {
            number++;
        }
        return SimulatedCluster.subnet(number);
    }

    private Map<String, Integer> changes() {
        var changes = new TreeMap<String, Integer>();
        cluster.nodes().forEach(node -> changes.put(node.name(), node.machine().changes()));
        return changes;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(200));
    }
}

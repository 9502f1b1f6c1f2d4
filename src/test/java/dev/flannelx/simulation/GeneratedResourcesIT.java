package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.LeaseInformer;
import dev.flannelx.kube.NetworkMapping;
import dev.flannelx.kube.RandomResources;
import dev.flannelx.kube.RandomResources.Generated;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.network.Decoded;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand resources, half of them spoilt, in the cluster of a network that has to go on working. */
class GeneratedResourcesIT {
    private static final int NODES = 3;
    private static final int LEASES = 8000;
    private static final int FLANNEL_NODES = 1700;
    private static final int NETWORKS = 300;
    private static final int AT_ONCE = 16;
    private static final long SEED = 20;

    @TempDir
    private Path folder;

    /** What the API server made of them. */
    private record Outcome(List<Generated> accepted, List<Generated> refused) {}

    @Test
    void theBadOnesAreRefusedOrSkippedAndTheGoodOnesWork() throws Exception {
        var random = new RandomResources(SEED);
        try (var cluster = new SimulatedCluster(NODES, SEED, folder)) {
            var quiet = new Quiet(cluster);
            cluster.startNodes();
            Outcome leases = write(cluster, random::lease, LEASES);
            Outcome flannelNodes = write(cluster, random::flannelNode, FLANNEL_NODES);
            Outcome networks = write(cluster, random::network, NETWORKS);

            for (Outcome outcome : List.of(leases, flannelNodes, networks)) {
                assertThat(outcome.refused()).as("seed %d", SEED).isNotEmpty().noneMatch(Generated::good);
            }
            assertAgentsKnowThem(cluster, leases.accepted());
            cluster.operators().forEach(SimulatedOperator::start);
            assertTheOperatorSaysWhichMakeSense(cluster, networks.accepted());
            assertThat(quiet.await()).isEmpty();
        }
    }

    /** Of each lease an agent of its network either knows it, or reports what is wrong with it. */
    private static void assertAgentsKnowThem(SimulatedCluster cluster, List<Generated> accepted) {
        for (int number = 0; number < RandomResources.NETWORKS; number++) {
            String network = "fuzz" + number;
            long all = accepted.stream()
                    .filter(one -> network.equals(one.resource().get("spec", "network")))
                    .count();
            Map<String, String> problems = new ConcurrentHashMap<>();
            try (var informer = new LeaseInformer(cluster.admin(), network, () -> {}, problems::put)) {
                informer.start();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> informer.leases().isPresent());
                assertThat(informer.leases().orElseThrow()).hasSize((int) all - problems.size());
            }
            assertThat(problems.values()).noneMatch(String::isBlank);
            assertThat(accepted)
                    .filteredOn(one ->
                            problems.containsKey(one.resource().getMetadata().getName()))
                    .noneMatch(Generated::good);
        }
    }

    private static void assertTheOperatorSaysWhichMakeSense(SimulatedCluster cluster, List<Generated> accepted) {
        var wanted = new HashMap<String, Boolean>();
        accepted.forEach(one -> wanted.put(
                one.resource().getMetadata().getName(),
                NetworkMapping.seen(one.resource()).decoded() instanceof Decoded.Valid));
        Awaitility.await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> {
            var said = new HashMap<String, Boolean>();
            for (GenericKubernetesResource network : cluster.admin()
                    .genericKubernetesResources(ResourceTypes.NETWORKS)
                    .list()
                    .getItems()) {
                reasonOfAcceptance(network)
                        .ifPresent(
                                reason -> said.put(network.getMetadata().getName(), !reason.equals("InvalidNetwork")));
            }
            assertThat(said).containsAllEntriesOf(wanted);
        });
    }

    private static Optional<String> reasonOfAcceptance(GenericKubernetesResource network) {
        List<Map<String, String>> conditions = network.get("status", "conditions");
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition -> "Accepted".equals(condition.get("type")))
                        .map(condition -> condition.get("reason"))
                        .findFirst();
    }

    private static Outcome write(SimulatedCluster cluster, Supplier<Generated> generator, int count) throws Exception {
        List<Generated> all = Stream.generate(generator).limit(count).toList();
        var outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Boolean>> written = threads.invokeAll(all.stream()
                    .<Callable<Boolean>>map(one -> () -> write(cluster, one.resource()))
                    .toList());
            for (int i = 0; i < count; i++) {
                (written.get(i).get() ? outcome.accepted() : outcome.refused()).add(all.get(i));
            }
        }
        return outcome;
    }

    /** Whether the API server takes it. */
    private static boolean write(SimulatedCluster cluster, GenericKubernetesResource resource) {
        Object status = resource.getAdditionalProperties().get("status");
        try {
            GenericKubernetesResource created =
                    cluster.admin().resource(resource).create();
            if (status != null) {
                created.setAdditionalProperty("status", status);
                cluster.admin().resource(created).updateStatus();
            }
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as("%s: %s", resource, e.getMessage()).isBetween(400, 422);
            return false;
        }
    }
}

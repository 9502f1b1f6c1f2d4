package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.flannelx.ip.Cidr;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import dev.flannelx.kube.fault.Faults.OfEvent;
import dev.flannelx.kube.fault.Faults.OfRequest;
import dev.flannelx.kube.fault.ScriptedFaults;
import dev.flannelx.kube.resource.SubnetLease;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A list and watch whose every connection goes through a proxy that spoils it. */
class ListWatchIT {
    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private final String network = "watched" + NETWORKS.incrementAndGet();
    private final ScriptedFaults faults = new ScriptedFaults();
    private final FaultProxy proxy = new FaultProxy(ApiServer.shared().url(), faults);
    private final KubernetesClient admin = ApiServer.shared().admin();
    private final KubernetesClient client = ApiServer.client(new ConfigBuilder(admin.getConfiguration())
            .withMasterUrl(proxy.url())
            .withRequestTimeout(2000)
            .build());
    private final Known known = new Known();
    private ListWatch watch = listWatch(known, ListWatch.SILENCE);

    @BeforeEach
    void one() {
        create(1);
    }

    @AfterEach
    void close() {
        watch.close();
        client.close();
        admin.close();
        proxy.close();
    }

    @Test
    void hearsOfWhatComesChangesAndGoes() {
        start();
        create(2);
        change(1);
        delete(2);
        create(3);

        awaitTruth();
        assertThat(known.lists).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOSE")
    void hearsOfEverythingThoughAnEvent(OfEvent fault) {
        beImpatient();
        start();
        faults.events(OfEvent.PASS, fault);
        create(2);
        change(1);
        create(3);
        create(4);
        delete(2);

        awaitTruth();
        assertThat(faults.isOver()).isTrue();
    }

    @Test
    void aComparisonMakesUpForLostEvents() {
        create(2);
        create(3);
        start();
        faults.events(OfEvent.LOSE, OfEvent.LOSE, OfEvent.LOSE);
        delete(2);
        change(1);
        create(4);
        create(5);
        await("the event after those that were lost").until(() -> known.versions.containsKey(name(5)));
        assertThat(known.versions).isNotEqualTo(truth());

        watch.compare();
        awaitTruth();
        assertThat(known.lists).hasValue(2);
        assertThat(lists().getLast())
                .contains("resourceVersionMatch=NotOlderThan")
                .doesNotContain("resourceVersion=0");
    }

    @Test
    void aComparisonThatFailsLeavesTheWatchAsItWas() {
        start();
        faults.requests(new OfRequest.Refuse(500, 0));
        watch.compare();
        await("the comparison").until(faults::isOver);
        create(2);

        awaitTruth();
        assertThat(known.lists).hasValue(1);
    }

    @Test
    void aComparisonIsMadeThoughTheWatchEndsBeforeItIsItsTurn() {
        start();
        faults.events(OfEvent.LOSE);
        create(2);
        await("the loss").until(faults::isOver);
        known.meanwhile = () -> {
            proxy.cut();
            // By then the end of the watch is in line.
            await("a moment").pollDelay(Duration.ofSeconds(1)).until(() -> true);
            watch.compare();
        };
        create(3);

        awaitTruth();
    }

    @Test
    void aComparisonIsMadeThoughTheServerAskedForPatience() {
        start();
        faults.requests(new OfRequest.Refuse(429, 3600));
        proxy.cut();
        await("the refusal").until(faults::isOver);
        create(2);
        watch.compare();

        awaitTruth();
    }

    @Test
    void aWatchThatIsCutGoesOnWhereItWasWithoutAList() {
        start();
        proxy.cut();
        create(2);

        awaitTruth();
        assertThat(known.lists).hasValue(1);
        assertThat(lists()).hasSize(1);
    }

    @Test
    void aConnectionThatDiedInSilenceIsNoticed() {
        beImpatient();
        start();
        proxy.faults(Faults.BLACK_HOLE);
        create(2);
        await("the silence").until(() -> !watch.isWatching());
        assertThat(known.versions).as("what was known").hasSize(1);

        proxy.faults(Faults.NONE);
        awaitTruth();
        await("the next watch").until(watch::isWatching);
        assertThat(known.lists).hasValue(1);
    }

    @Test
    void startsThoughNothingWorksAtFirst() {
        faults.requests(
                new OfRequest.Cut(),
                new OfRequest.Refuse(429, 1),
                new OfRequest.LoseAnswer(),
                new OfRequest.Refuse(503, 0),
                new OfRequest.Swallow(),
                // The list comes through, and then the watch does not.
                new OfRequest.Pass(),
                new OfRequest.Refuse(503, 0),
                new OfRequest.Cut());
        watch.start();
        await("all that").until(faults::isOver);
        create(2);

        await("every fault").until(faults::isOver);
        create(3);
        awaitTruth();
    }

    @Test
    void aWatchThatNobodyAnswersIsBegunAnew() {
        faults.requests(new OfRequest.Pass(), new OfRequest.Swallow());
        watch.start();
        await("the first watch").until(watch::isWatching);
        create(2);

        awaitTruth();
    }

    @Test
    void aListenerThatFailsHearsEverythingAgain() {
        start();
        known.failures.set(2);
        create(2);

        awaitTruth();
        assertThat(known.failures).hasValue(0);
    }

    @Test
    void isNotAliveOnceAnErrorHasEndedItsThread() {
        start();
        assertThat(watch.isAlive()).isTrue();
        known.meanwhile = () -> {
            throw new AssertionError("an error that is expected here");
        };
        create(2);
        await("its end").dontCatchUncaughtExceptions().until(() -> !watch.isAlive());
    }

    @Test
    void hearsOfAllThatIsListedInPagesAndOfWhatComesAfterThat() {
        listInPages();
        start();
        create(6);
        awaitTruth();
        watch.compare();
        await("a comparison").untilAtomic(known.lists, is(2));

        awaitTruth();
        assertThat(lists()).hasSize(6).allMatch(request -> request.contains("limit=2"));
    }

    @Test
    void beginsAnewWhereAPageIsNotToBeHad() {
        listInPages();
        faults.requests(new OfRequest.Pass(), new OfRequest.Refuse(500, 0));
        start();

        assertThat(lists()).hasSize(5);
        assertThat(known.lists).hasValue(1);
    }

    /** Five, of which two come at once. */
    private void listInPages() {
        watch = listWatch(known, ListWatch.SILENCE, 2);
        for (int number = 2; number <= 5; number++) {
            create(number);
        }
    }

    @Test
    void hearsNothingAfterItsEnd() {
        start();
        watch.close();
        var other = new Known();
        try (var still = listWatch(other, ListWatch.SILENCE)) {
            still.start();
            create(2);
            await("another one").until(() -> other.versions.size() == 2);
        }

        assertThat(known.versions).hasSize(1);
        assertThat(watch.isWatching()).isFalse();
        assertThat(watch.isAlive()).as("nothing is amiss").isTrue();
    }

    /** The versions of what was heard of, by name. */
    private static final class Known implements ListWatch.Listener {
        final Map<String, String> versions = new ConcurrentHashMap<>();
        final AtomicInteger lists = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        volatile Runnable meanwhile = () -> {};

        @Override
        public void listed(Iterable<GenericKubernetesResource> resources) {
            failIfAsked();
            var all = new HashMap<String, String>();
            resources.forEach(resource -> put(resource, all));
            lists.incrementAndGet();
            versions.clear();
            versions.putAll(all);
        }

        @Override
        public void changed(GenericKubernetesResource resource) {
            failIfAsked();
            put(resource, versions);
            meanwhile.run();
        }

        @Override
        public void deleted(GenericKubernetesResource resource) {
            versions.remove(resource.getMetadata().getName());
        }

        private static void put(GenericKubernetesResource resource, Map<String, String> versions) {
            versions.put(
                    resource.getMetadata().getName(), resource.getMetadata().getResourceVersion());
        }

        private void failIfAsked() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("the listener has a bad day");
            }
        }
    }

    private ListWatch listWatch(ListWatch.Listener listener, Duration silence) {
        return listWatch(listener, silence, 0);
    }

    private ListWatch listWatch(ListWatch.Listener listener, Duration silence, long pageSize) {
        return new ListWatch(
                new Selection(client, ResourceTypes.LEASES, Map.of("spec.network", network), pageSize),
                listener,
                silence);
    }

    /** Takes a watch for dead that says nothing for as long as it may while all is well. */
    private void beImpatient() {
        watch = listWatch(known, Duration.ofSeconds(3));
    }

    private void start() {
        watch.start();
        await("the first watch").until(watch::isWatching);
        assertThat(known.versions).isEqualTo(truth());
    }

    private void awaitTruth() {
        await("what is there").untilAsserted(() -> assertThat(known.versions).isEqualTo(truth()));
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofSeconds(60));
    }

    private Map<String, String> truth() {
        var truth = new HashMap<String, String>();
        admin.genericKubernetesResources(ResourceTypes.LEASES)
                .withField(LeaseInformer.BY_NETWORK, network)
                .list()
                .getItems()
                .forEach(resource -> truth.put(
                        resource.getMetadata().getName(), resource.getMetadata().getResourceVersion()));
        return truth;
    }

    /** The lists that the API server was asked for, without the probes. */
    private List<String> lists() {
        return faults.asked().stream()
                .filter(request -> !request.contains("watch=true") && !request.contains("limit=1"))
                .toList();
    }

    private void create(int number) {
        admin.resource(LeaseMapping.toResource(lease(number))).create();
    }

    private void change(int number) {
        admin.resources(SubnetLease.class).withName(name(number)).edit(lease -> {
            lease.getMetadata().setAnnotations(Map.of("changed", String.valueOf(System.nanoTime())));
            return lease;
        });
    }

    private void delete(int number) {
        admin.resources(SubnetLease.class).withName(name(number)).delete();
    }

    private String name(int number) {
        return LeaseMapping.name(network, lease(number).subnet());
    }

    private Lease lease(int number) {
        return new Lease(
                network,
                "node" + number,
                "uid-of-node" + number,
                new Subnet(Cidr.parse("10.50.%d.0/24".formatted(number)).orElseThrow(), null),
                PublicAddress.NONE,
                "extension",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }
}

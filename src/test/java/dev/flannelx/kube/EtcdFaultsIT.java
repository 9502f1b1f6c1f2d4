package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import dev.flannelx.kube.fault.ScriptedFaults;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.LeaseStore.Creation;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to etcd behind the API server's back. */
class EtcdFaultsIT {
    private final ApiServer server = ApiServer.startOwn();
    private final ScriptedFaults none = new ScriptedFaults();
    private final FaultProxy proxy = new FaultProxy(server.url(), none);
    private final KubernetesClient admin = server.admin();
    private final KubernetesClient client = ApiServer.client(new ConfigBuilder(admin.getConfiguration())
            .withMasterUrl(proxy.url())
            .build());
    private final LeaseInformer informer = new LeaseInformer(client, "demo", () -> {}, (_, _) -> {});
    private final KubeLeaseStore store =
            new KubeLeaseStore(admin, "demo", informer, new LeaseTypeGuard(admin, InstantSource.system()));

    @BeforeEach
    void install() throws IOException {
        server.applyTypes("-f", "k8s/base/crds/subnetleases.yaml");
    }

    @AfterEach
    void stop() {
        informer.close();
        client.close();
        admin.close();
        proxy.close();
        server.close();
    }

    @Test
    void aWatchOutlivesTheCompactionOfItsVersion() throws IOException {
        start(1, 2);
        // A new API server remembers nothing from before the compaction, so that the version is gone for good.
        proxy.faults(Faults.BLACK_HOLE);
        proxy.cut();
        store.release(lease(1));
        create(3);
        server.etcd().compact();
        server.stop();
        server.start();
        create(4);
        proxy.faults(none);
        proxy.cut();

        awaitKnown(2, 3, 4);
        assertThat(none.asked())
                .as("the version was gone, so that it took another list")
                .filteredOn(request -> request.contains("fieldSelector") && !request.contains("watch=true"))
                .hasSize(2);
    }

    @Test
    void whatARestoredEtcdHoldsIsTheTruth() throws IOException {
        start(1);
        Path snapshot = server.etcd().snapshot();
        store.release(lease(1));
        for (int number = 2; number < 40; number++) {
            create(number);
        }
        awaitKnown(IntStream.range(2, 40).toArray());
        server.stop();
        server.etcd().restore(snapshot);
        server.start();

        awaitKnown(1);
        create(50);
        awaitKnown(1, 50);
    }

    private void start(int... numbers) throws IOException {
        create(numbers);
        informer.start();
        awaitKnown(numbers);
        Awaitility.await().until(informer::isWatching);
    }

    private void create(int... numbers) throws IOException {
        for (int number : numbers) {
            assertThat(store.create(lease(number))).isInstanceOf(Creation.Created.class);
        }
    }

    private void awaitKnown(int... numbers) {
        List<Subnet> wanted = Arrays.stream(numbers)
                .mapToObj(number -> lease(number).subnet())
                .toList();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(store.leases().orElse(List.of()))
                        .extracting(Lease::subnet)
                        .containsExactlyInAnyOrderElementsOf(wanted));
    }

    private static Lease lease(int number) {
        return Leases.lease("node" + number, "10.50.%d.0/24".formatted(number), "192.0.2.1");
    }
}

package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the leases' type goes, comes back, or lets nonsense in, and when the API server is away. */
class LeaseTypeGoneIT {
    private static final String DEFINITION = "k8s/base/crds/subnetleases.yaml";

    private final ApiServer server = ApiServer.startOwn();
    private final KubernetesClient admin = server.admin();
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    private final LeaseInformer informer = new LeaseInformer(admin, "demo", () -> {}, problems::put);
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final LeaseTypeGuard guard = new LeaseTypeGuard(admin, clock);
    private final KubeLeaseStore store = new KubeLeaseStore(admin, "demo", informer, guard);

    @BeforeEach
    void install() throws IOException {
        server.applyTypes("-f", DEFINITION);
    }

    @AfterEach
    void stop() {
        informer.close();
        admin.close();
        server.close();
    }

    @Test
    void nothingIsGoneBecauseItsTypeIs() throws IOException {
        store.create(lease(1));
        assertThat(store.confirmGone(List.of(peer(2)))).containsExactly(subnet(2));

        // Somebody's finalizer keeps the lease, and so the type, between deletion and end.
        server.kubectlOrFail(
                "patch",
                "slease",
                "demo-10-50-1-0-24",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"finalizers\":[\"x.example/y\"]}}");
        server.kubectlOrFail("delete", "--wait=false", "-f", DEFINITION);
        assertThatThrownBy(() -> store.confirmGone(List.of(peer(2)))).hasMessageContaining("is being deleted");

        server.kubectlOrFail(
                "patch", "slease", "demo-10-50-1-0-24", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
        server.kubectlOrFail("wait", "--for=delete", "crd/subnetleases.flannelx.dev");
        assertThatThrownBy(() -> store.confirmGone(List.of(peer(1)))).hasMessageContaining("is gone");
        assertThatThrownBy(() -> store.create(lease(1))).isInstanceOf(IOException.class);

        install();
        assertThatThrownBy(() -> store.confirmGone(List.of(peer(1)))).hasMessageContaining("was made anew");
        now = now.plus(LeaseTypeGuard.SETTLING);
        assertThat(store.confirmGone(List.of(peer(1)))).containsExactly(subnet(1));
    }

    @Test
    void aTypeIsMadeAnewThoughNobodyAskedWhileItWasGone() throws IOException {
        guard.meet();
        server.kubectlOrFail("delete", "-f", DEFINITION);
        install();

        assertThatThrownBy(() -> store.confirmGone(List.of(peer(1)))).hasMessageContaining("was made anew");
    }

    @Test
    void aTypeThatWasFirstSeenGoneIsMadeAnew() throws IOException {
        server.kubectlOrFail("delete", "-f", DEFINITION);
        guard.meet();
        install();

        assertThatThrownBy(() -> store.confirmGone(List.of(peer(1)))).hasMessageContaining("was made anew");
    }

    @Test
    void theCacheComesBackWithItsType() throws IOException {
        store.create(lease(1));
        informer.start();
        Awaitility.await().until(() -> store.leases().isPresent());
        server.kubectlOrFail("delete", "-f", DEFINITION);
        install();
        store.create(lease(3));

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(store.leases().orElseThrow())
                        .extracting(Lease::subnet)
                        .containsExactly(subnet(3)));
    }

    @Test
    void nothingIsGoneBecauseNobodyAnswers() throws IOException {
        store.create(lease(1));
        informer.start();
        Awaitility.await().until(() -> store.leases().isPresent());
        server.stop();

        assertThatThrownBy(() -> store.confirmGone(List.of(peer(1)))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.create(lease(2))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.release(lease(1))).isInstanceOf(IOException.class);
        assertThat(store.leases().orElseThrow()).extracting(Lease::subnet).containsExactly(subnet(1));

        server.start();
        store.create(lease(2));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.leases().orElseThrow().size() == 2);
    }

    @Test
    void nonsenseThatWasForcedInHarmsItselfOnly() throws IOException {
        server.kubectlOrFail("patch", "crd", "subnetleases.flannelx.dev", "--type=json", "-p", """
                [{"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema", "value":
                  {"type": "object", "properties": {"spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                   "properties": {"network": {"type": "string"}, "nodeName": {"type": "string"}}}}}}]""");
        store.create(lease(1));
        force("demo-number", "subnet: 5");
        force("demo-list", "subnet: [10.50.2.0/24]");
        force("demo-shell", "subnet: $(reboot)");
        force("demo-10-50-3-0-24", "subnet: 10.50.3.0/24, publicIP: '192.0.2.3; reboot'");
        force("demo-10-50-4-0-24", "subnet: 10.50.4.0/24, backendData: '%s'".formatted("x".repeat(100 * 1024)));
        force("demo-10-50-5-0-24", "subnet: 10.50.6.0/24");
        force("demo-10-50-7-1-24", "subnet: 10.50.7.1/24");
        informer.start();

        Awaitility.await().until(() -> store.leases().isPresent());
        assertThat(store.leases().orElseThrow()).extracting(Lease::subnet).containsExactly(subnet(1));
        assertThat(problems)
                .hasSize(7)
                .containsEntry("demo-shell", "subnet $(reboot) is wrong: want it in its canonical IPV4 form")
                .containsEntry("demo-10-50-4-0-24", "backend data has 102400 bytes: want at most 4096");
    }

    private void force(String name, String spec) {
        admin.resource(Serialization.unmarshal(
                        "apiVersion: flannelx.dev/v1alpha1\nkind: SubnetLease\nmetadata: {name: %s}\nspec: {network: demo, nodeName: evil, %s}\n"
                                .formatted(name, spec),
                        GenericKubernetesResource.class))
                .create();
    }

    private static Lease lease(int number) {
        return Leases.lease("node1", "10.50.%d.0/24".formatted(number), "192.0.2.1");
    }

    private static Peer peer(int number) {
        return new Peer(subnet(number), lease(number).publicAddress(), "node1", "");
    }

    private static Subnet subnet(int number) {
        return lease(number).subnet();
    }
}

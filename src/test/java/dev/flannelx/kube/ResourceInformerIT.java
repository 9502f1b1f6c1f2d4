package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ResourceInformer.Scope;
import dev.flannelx.network.Decoded;
import dev.flannelx.reconcile.SeenNetwork;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watching on a real API server that is stopped, and whose types come and go. */
class ResourceInformerIT {
    private static final String DEFINITION = "k8s/base/crds/flannelnetworks.yaml";
    private static final String SPEC = "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}";

    private final ApiServer server = ApiServer.startOwn();
    private final KubernetesClient admin = server.admin();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final ResourceInformer<SeenNetwork> informer = new ResourceInformer<>(
            admin, Scope.all(ResourceTypes.NETWORKS), NetworkMapping::seen, changes::add, () -> changes.add("synced"));

    @AfterEach
    void stop() {
        informer.close();
        admin.close();
        server.close();
    }

    @Test
    void aTypeThatIsNotThereYetIsWaitedFor() throws Exception {
        informer.start();
        assertThat(informer.all()).isEmpty();

        install();
        assertThat(changes.take()).isEqualTo("synced");
        assertThat(informer.all()).hasValue(Map.of());

        admin.resource(Resources.flannelx("FlannelNetwork", "demo", SPEC)).create();
        assertThat(changes.take()).isEqualTo("demo");
        assertThat(informer.find("demo")).isPresent();
    }

    @Test
    void whatWasSeenStaysSeenWhileNobodyAnswersAndIsCaughtUpWith() throws IOException {
        install();
        admin.resource(Resources.flannelx("FlannelNetwork", "one", SPEC)).create();
        informer.start();
        Awaitility.await().until(() -> informer.find("one").isPresent());
        server.stop();
        assertThat(informer.all().orElseThrow()).containsOnlyKeys("one");

        server.start();
        admin.resource(Resources.flannelx("FlannelNetwork", "two", SPEC)).create();
        Awaitility.await().until(() -> informer.all().orElseThrow().size() == 2);
    }

    @Test
    void aTypeThatWasMadeAnewIsFollowed() throws IOException {
        install();
        admin.resource(Resources.flannelx("FlannelNetwork", "one", SPEC)).create();
        informer.start();
        Awaitility.await().until(() -> informer.find("one").isPresent());
        server.kubectlOrFail("delete", "-f", DEFINITION);
        install();
        admin.resource(Resources.flannelx("FlannelNetwork", "two", SPEC)).create();

        Awaitility.await()
                .untilAsserted(() -> assertThat(informer.all().orElseThrow()).containsOnlyKeys("two"));
    }

    @Test
    void oneThatMakesNoSenseHarmsNoOther() throws IOException {
        install();
        server.kubectlOrFail("patch", "crd", "flannelnetworks.flannelx.dev", "--type=json", "-p", """
                [{"op": "replace", "path": "/spec/versions/0/schema/openAPIV3Schema", "value":
                  {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}]""");
        admin.resource(Resources.flannelx("FlannelNetwork", "good", SPEC)).create();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> admin.resource(Resources.flannelx("FlannelNetwork", "bad", "[1, {a: b}]"))
                                .create()
                        != null);
        informer.start();

        Awaitility.await().until(() -> informer.all().isPresent());
        assertThat(informer.all().orElseThrow()).containsOnlyKeys("good", "bad");
        assertThat(informer.find("good").orElseThrow().decoded()).isInstanceOf(Decoded.Valid.class);
        assertThat(informer.find("bad").orElseThrow().decoded()).isInstanceOf(Decoded.Invalid.class);
    }

    private void install() throws IOException {
        server.applyTypes("-f", DEFINITION);
    }
}

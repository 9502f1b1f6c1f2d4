package dev.flannelx.kube.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.fault.Faults.OfEvent;
import dev.flannelx.kube.fault.Faults.OfRequest;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that tests ask for, as a client of a real API server meets them. */
class FaultProxyIT {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ScriptedFaults faults = new ScriptedFaults();
    private final FaultProxy proxy = new FaultProxy(ApiServer.shared().url(), faults);
    private final KubernetesClient admin = ApiServer.shared().admin();
    private final KubernetesClient client = client(false);
    private final String set = "proxy" + NUMBER.incrementAndGet();

    @AfterEach
    void close() {
        client.close();
        admin.close();
        proxy.close();
    }

    @Test
    void passesRequestsOn() {
        create(client, "one");

        assertThat(client.configMaps()
                        .inNamespace("default")
                        .withName(name("one"))
                        .get())
                .isNotNull();
        assertThat(names(client)).containsExactly(name("one"));
        assertThat(client.configMaps().inNamespace("default").withName("nobody").get())
                .isNull();
    }

    @Test
    void answersOnTheApiServersBehalf() {
        faults.requests(new OfRequest.Refuse(429, 7));

        assertThatThrownBy(() -> create(client, "one"))
                .isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(429);
                    assertThat(refused.getStatus().getDetails().getRetryAfterSeconds())
                            .isEqualTo(7);
                });
        assertThat(names(admin)).isEmpty();
    }

    @Test
    void cutsARequestBeforeItIsCarriedOut() {
        faults.requests(new OfRequest.Cut());

        assertThatThrownBy(() -> create(client, "one")).isInstanceOf(KubernetesClientException.class);
        assertThat(names(admin)).isEmpty();
    }

    @Test
    void losesTheAnswerToWhatWasCarriedOut() {
        faults.requests(new OfRequest.LoseAnswer());

        assertThatThrownBy(() -> create(client, "one")).isInstanceOf(KubernetesClientException.class);
        assertThat(names(admin)).containsExactly(name("one"));
    }

    @Test
    void swallowsARequest() {
        faults.requests(new OfRequest.Swallow());

        assertThatThrownBy(() -> create(client, "one")).isInstanceOf(KubernetesClientException.class);
        assertThat(names(admin)).isEmpty();
        create(client, "one");
    }

    @Test
    void takesItsTime() {
        faults.requests(new OfRequest.Delay(Duration.ofMillis(20)));
        create(client, "one");

        assertThat(names(admin)).containsExactly(name("one"));
    }

    @Test
    void remembersAnOlderList() {
        create(admin, "one");
        Awaitility.await().until(() -> anyVersion().size() == 1);
        create(admin, "two");
        faults.requests(new OfRequest.Remember());

        assertThat(anyVersion()).hasSize(1);
        assertThat(names(client)).hasSize(2);
    }

    @ParameterizedTest(name = "over HTTP: {0}")
    @ValueSource(booleans = {false, true})
    void passesEventsOnAndLosesSome(boolean overHttp) {
        try (KubernetesClient watching = client(overHttp);
                var heard = new Heard(watching)) {
            faults.events(OfEvent.PASS, OfEvent.LOSE);
            create(admin, "one");
            create(admin, "two");
            create(admin, "three");

            Awaitility.await()
                    .untilAsserted(() -> assertThat(heard.events).containsExactly(name("one"), name("three")));
        }
    }

    @ParameterizedTest(name = "over HTTP: {0}")
    @ValueSource(booleans = {false, true})
    void saysThatAVersionIsGoneWithinAnAnswerThatBeganWell(boolean overHttp) {
        try (KubernetesClient watching = client(overHttp);
                var heard = new Heard(watching)) {
            faults.events(OfEvent.GONE);
            create(admin, "one");

            Awaitility.await()
                    .untilAsserted(() -> assertThat(heard.ends)
                            .singleElement()
                            .satisfies(end -> assertThat(end.isHttpGone()).isTrue()));
        }
    }

    @ParameterizedTest(name = "over HTTP: {0}")
    @ValueSource(booleans = {false, true})
    void cutsAWatchThatGoesOnFromWhereItWas(boolean overHttp) {
        try (KubernetesClient watching = client(overHttp);
                var heard = new Heard(watching)) {
            faults.events(OfEvent.CUT);
            create(admin, "one");

            Awaitility.await().untilAsserted(() -> assertThat(heard.events).containsExactly(name("one")));
            proxy.cut();
            create(admin, "two");
            Awaitility.await().untilAsserted(() -> assertThat(heard.events).containsExactly(name("one"), name("two")));
        }
    }

    @Test
    void aRefusedWatchIsRefusedByTheApiServersWords() {
        assertThatThrownBy(() -> {
                    try (KubernetesClient nobody = ApiServer.client(new ConfigBuilder(config(false))
                            .withOauthToken("wrong")
                            .build())) {
                        new Heard(nobody).close();
                    }
                })
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(401));
    }

    /** Hears which of this test's ConfigMaps are made. */
    private final class Heard implements Watcher<ConfigMap>, AutoCloseable {
        final List<String> events = new CopyOnWriteArrayList<>();
        final List<WatcherException> ends = new CopyOnWriteArrayList<>();
        private final Watch watch;

        Heard(KubernetesClient client) {
            watch = client.configMaps()
                    .inNamespace("default")
                    .withLabel("set", set)
                    .watch(
                            new ListOptionsBuilder()
                                    .withResourceVersion(admin.configMaps()
                                            .inNamespace("default")
                                            .list()
                                            .getMetadata()
                                            .getResourceVersion())
                                    .withAllowWatchBookmarks(false)
                                    .build(),
                            this);
        }

        @Override
        public void eventReceived(Action action, ConfigMap resource) {
            events.add(resource.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            ends.add(cause);
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    private void create(KubernetesClient by, String what) {
        by.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName(name(what))
                        .withLabels(Map.of("set", set))
                        .endMetadata()
                        .build())
                .create();
    }

    private List<String> names(KubernetesClient by) {
        return by.configMaps().inNamespace("default").withLabel("set", set).list().getItems().stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }

    private List<ConfigMap> anyVersion() {
        return client.configMaps()
                .inNamespace("default")
                .withLabel("set", set)
                .list(new ListOptionsBuilder().withResourceVersion("0").build())
                .getItems();
    }

    private String name(String what) {
        return set + "-" + what;
    }

    private KubernetesClient client(boolean overHttp) {
        return ApiServer.client(config(overHttp));
    }

    private Config config(boolean overHttp) {
        return new ConfigBuilder(admin.getConfiguration())
                .withMasterUrl(proxy.url())
                .withRequestTimeout(2000)
                .withOnlyHttpWatches(overHttp)
                .build();
    }
}

package dev.flannelx.kube.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.Cluster;
import dev.flannelx.kube.event.ClusterEvent.Subject;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events on a real API server, by an agent's token under the shipped roles and policies. */
class EventRecorderIT {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.000006Z");

    private static final Duration LONG = Duration.ofSeconds(60);

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final Cluster cluster = new Cluster(admin);
    private final String uid = cluster.node("event-a", Map.of()).getMetadata().getUid();
    private final KubernetesClient agent = ApiServer.shared().as(cluster.agentToken("event-a"));
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;
    private final EventRecorder recorder = new EventRecorder(agent, "flannelx.dev/agent", "event-a", clock, clock);

    @AfterEach
    void stop() {
        recorder.close();
        agent.close();
        admin.close();
    }

    @Test
    void aFloodIsOneEventWithACountThatPeopleSee() throws IOException {
        for (int i = 0; i < 500; i++) {
            recorder.record(failure("line " + i));
        }
        Awaitility.await().atMost(LONG).until(() -> events().size() == 1);

        Awaitility.await().atMost(LONG).until(() -> {
            now.updateAndGet(time -> time.plusSeconds(60));
            recorder.record(failure("more"));
            return events().getFirst().getSeries() != null;
        });
        Event event = events().getFirst();
        assertThat(events()).hasSize(1);
        assertThat(event.getSeries().getCount()).isGreaterThan(500);
        assertThat(event.getSeries().getLastObservedTime().getTime()).matches("2026-01-02T03:..:05.000006Z");
        assertThat(event.getEventTime().getTime()).isEqualTo("2026-01-02T03:04:05.000006Z");
        assertThat(event.getNote()).isEqualTo("line 0");
        assertThat(event.getReportingController()).isEqualTo("flannelx.dev/agent");
        assertThat(event.getReportingInstance()).isEqualTo("event-a");
        assertThat(ApiServer.shared().kubectl("describe", "node", "event-a").stdout())
                .contains("HookFailed")
                .contains("line 0");
    }

    @Test
    void isNotAliveOnceAnErrorHasEndedItsThread() {
        try (var broken = new EventRecorder(agent, "flannelx.dev/agent", "event-a", clock, EventRecorderIT::fail)) {
            Awaitility.await().dontCatchUncaughtExceptions().until(() -> !broken.isAlive());
        }
        assertThat(recorder.isAlive()).isTrue();
    }

    private static Instant fail() {
        throw new AssertionError("an error that is expected here");
    }

    private ClusterEvent failure(String note) {
        return new ClusterEvent(
                new Subject("v1", "Node", "event-a", uid),
                new Subject("flannelx.dev/v1alpha1", "FlannelNetwork", "demo", "uid-of-demo"),
                ClusterEvent.Type.WARNING,
                "HookFailed",
                "subnetAdd",
                note);
    }

    private List<Event> events() {
        return admin.events().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> uid.equals(event.getRegarding().getUid()))
                .toList();
    }
}

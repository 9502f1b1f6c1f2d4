package dev.flannelx.kube.event;

import dev.flannelx.kube.ApiCall;
import dev.flannelx.kube.ApiCall.Written;
import dev.flannelx.kube.Times;
import dev.flannelx.kube.event.ClusterEvent.Subject;
import dev.flannelx.kube.event.EventBacklog.Write;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.Worker;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of events.k8s.io about objects without a namespace. Whoever records one never waits; how few writes that
 * takes, and what is dropped, {@link EventBacklog} says.
 */
public final class EventRecorder implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);

    /** Where the API server wants events about what has no namespace. */
    private static final String NAMESPACE = "default";
    /** The API's own limits. */
    private static final int LONGEST_INSTANCE = 128;

    private static final int LONGEST_NOTE = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final String controller;
    private final String instance;
    private final InstantSource wall;
    private final InstantSource clock;
    private final EventBacklog backlog = new EventBacklog();
    private final Worker writer;

    /**
     * A recorder that is at work at once.
     *
     * @param controller who reports, as {@code flannelx.dev/agent}
     * @param instance which of them
     * @param wall what people's clocks say
     * @param clock monotonic
     */
    public EventRecorder(
            KubernetesClient client, String controller, String instance, InstantSource wall, InstantSource clock) {
        this.client = client;
        this.controller = controller;
        this.instance = instance.substring(0, Math.min(instance.length(), LONGEST_INSTANCE));
        this.wall = wall;
        this.clock = clock;
        writer = new Worker("events", clock, this::writeAll, bug -> LOG.error("events are not written", bug));
        writer.start();
    }

    /** Takes it in; returns at once. */
    public void record(ClusterEvent event) {
        synchronized (backlog) {
            backlog.happened(event, wall.instant(), clock.instant());
        }
        writer.wake();
    }

    /** {@link Worker#isAlive}. */
    public boolean isAlive() {
        return writer.isAlive();
    }

    /** Writes no more. */
    @Override
    public void close() {
        try {
            writer.stop(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Instant> writeAll() {
        for (Optional<Write> next = next(); next.isPresent(); next = next()) {
            carryOut(next.get());
        }
        synchronized (backlog) {
            return backlog.nextAt();
        }
    }

    private Optional<Write> next() {
        synchronized (backlog) {
            return backlog.next(clock.instant());
        }
    }

    private void carryOut(Write write) {
        try {
            switch (write) {
                case Write.Create create -> create(create);
                case Write.Count count -> count(count);
            }
        } catch (IOException e) {
            // The API server forgets events after a while.
            boolean forgotten = ApiCall.isNotFound(e) && write instanceof Write.Count;
            conclude(() -> {
                if (forgotten) {
                    backlog.ended(write);
                } else {
                    backlog.failed(write, clock.instant());
                }
            });
        }
    }

    private void create(Write.Create create) throws IOException {
        Event event = event(create);
        Written<Event> written = ApiCall.write(() -> client.events()
                .v1()
                .events()
                .inNamespace(NAMESPACE)
                .resource(event)
                .create());
        conclude(() -> {
            if (written instanceof Written.Done<Event>(Event there)) {
                backlog.created(create, there.getMetadata().getName(), clock.instant());
            } else {
                drop(create, written);
            }
        });
    }

    /** Writes the series and nothing else, for which an agent need not read events. */
    private void count(Write.Count count) throws IOException {
        Event named = new EventBuilder()
                .withNewMetadata()
                .withName(count.name())
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build();
        var series = new EventSeries(count.count(), new MicroTime(Times.micro(count.time())));
        Written<Event> written = ApiCall.write(() -> client.events()
                .v1()
                .events()
                .inNamespace(NAMESPACE)
                .resource(named)
                .edit(event -> new EventBuilder(event).withSeries(series).build()));
        conclude(() -> {
            if (written instanceof Written.Done<Event>) {
                backlog.counted(count, clock.instant());
            } else {
                drop(count, written);
            }
        });
    }

    private void drop(Write write, Written<Event> written) {
        LOG.debugf(
                "event dropped reason=%s action=%s: %s",
                write.key().reason(), write.key().action(), written);
        backlog.ended(write);
    }

    private void conclude(Runnable what) {
        synchronized (backlog) {
            what.run();
        }
    }

    private Event event(Write.Create create) {
        ClusterEvent event = create.event();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(event.regarding().name() + "-")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withEventTime(new MicroTime(Times.micro(create.time())))
                .withReportingController(controller)
                .withReportingInstance(instance)
                .withType(event.type().text())
                .withReason(event.reason())
                .withAction(event.action())
                .withRegarding(reference(event.regarding()))
                .withRelated(event.related() == null ? null : reference(event.related()))
                .withNote(Shown.text(event.note(), LONGEST_NOTE))
                .build();
    }

    private static @Nullable ObjectReference reference(Subject subject) {
        return new ObjectReferenceBuilder()
                .withApiVersion(subject.apiVersion())
                .withKind(subject.kind())
                .withName(subject.name())
                .withUid(subject.uid())
                .build();
    }
}

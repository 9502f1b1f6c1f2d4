package dev.flannelx.kube.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.event.ClusterEvent.Subject;
import dev.flannelx.kube.event.EventBacklog.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventBacklogTest {
    private static final Subject NODE = new Subject("v1", "Node", "node1", "uid");

    private final EventBacklog backlog = new EventBacklog();
    private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
    private Instant now = start;
    private int named;

    @Test
    void theFirstOfAKindIsWrittenAtOnce() {
        happens("HookFailed", "subnetAdd");

        assertThat(backlog.next(now))
                .hasValueSatisfying(write -> assertThat(write).isInstanceOfSatisfying(Write.Create.class, create -> {
                    assertThat(create.event().note()).isEqualTo("note 0");
                    assertThat(create.time()).isEqualTo(now);
                }));
    }

    @Test
    void whatWasWrittenIsNotWrittenAgain() {
        happens("HookFailed", "subnetAdd");
        writeAll();

        assertThat(backlog.next(now.plus(EventBacklog.PAUSE))).isEmpty();
        assertThat(backlog.nextAt()).isEmpty();
    }

    @Test
    void anHourOfFailuresTakesFewWrites() {
        var writes = new ArrayList<Write>();
        for (int second = 0; second < 3600; second++) {
            happens("HookFailed", "subnetAdd");
            happens("HookFailed", "subnetAdd");
            writes.addAll(writeAll());
            now = now.plusSeconds(1);
        }

        assertThat(writes).hasSizeBetween(10, 14);
        assertThat(writes.getFirst()).isInstanceOf(Write.Create.class);
        assertThat(writes.subList(1, writes.size())).allMatch(write -> write instanceof Write.Count);
        assertThat(((Write.Count) writes.getLast()).count()).isGreaterThan(6000);
    }

    @Test
    void theLastOfAFloodIsCountedToo() {
        for (int i = 0; i < 5; i++) {
            happens("HookFailed", "subnetAdd");
            writeAll();
        }
        now = backlog.nextAt().orElseThrow();

        assertThat(writeAll()).singleElement().isInstanceOfSatisfying(Write.Count.class, count -> {
            assertThat(count.name()).isEqualTo("event1");
            assertThat(count.count()).isEqualTo(5);
            assertThat(count.time()).isEqualTo(start);
        });
    }

    @Test
    void otherReasonsActionsAndSubjectsAreOtherKinds() {
        happens("HookFailed", "subnetAdd");
        happens("HookFailed", "subnetRemove");
        happens("HookTimedOut", "subnetAdd");
        backlog.happened(
                new ClusterEvent(
                        new Subject("v1", "Node", "node2", "uid2"),
                        null,
                        ClusterEvent.Type.WARNING,
                        "HookFailed",
                        "subnetAdd",
                        ""),
                now,
                now);

        assertThat(writeAll()).hasSize(4).allMatch(write -> write instanceof Write.Create);
    }

    @Test
    void whatComesBackAfterALongQuietIsNew() {
        happens("HookFailed", "subnetAdd");
        writeAll();
        now = now.plus(EventBacklog.END);
        happens("HookFailed", "subnetAdd");

        assertThat(writeAll()).singleElement().isInstanceOf(Write.Create.class);
    }

    @Test
    void aFailedWriteIsTriedAgainAfterAPause() {
        happens("HookFailed", "subnetAdd");
        Write failed = backlog.next(now).orElseThrow();
        backlog.failed(failed, now);

        assertThat(backlog.next(now)).isEmpty();
        assertThat(backlog.nextAt()).hasValue(now.plus(EventBacklog.RETRY));
        assertThat(backlog.next(now.plus(EventBacklog.RETRY))).hasValue(failed);
    }

    @Test
    void anEventThatTheServerForgotBeginsAnew() {
        happens("HookFailed", "subnetAdd");
        writeAll();
        happens("HookFailed", "subnetAdd");
        now = now.plus(EventBacklog.FIRST_PAUSE);
        backlog.ended(backlog.next(now).orElseThrow());
        assertThat(backlog.next(now)).isEmpty();

        happens("HookFailed", "subnetAdd");
        assertThat(writeAll()).singleElement().isInstanceOf(Write.Create.class);
    }

    @Test
    void manyKindsAtOnceAreDroppedRatherThanKept() {
        for (int i = 0; i < 10 * EventBacklog.MOST_SERIES; i++) {
            happens("Reason" + i, "action");
        }
        var written = new ArrayList<Write>();
        while (backlog.nextAt().isPresent()) {
            Instant due = backlog.nextAt().get();
            now = due.isAfter(now) ? due : now;
            written.addAll(writeAll());
        }

        assertThat(written).hasSize(EventBacklog.MOST_SERIES);
        assertThat(Duration.between(start, now))
                .isEqualTo(EventBacklog.REFILL.multipliedBy(EventBacklog.MOST_SERIES - EventBacklog.BURST));
    }

    private void happens(String reason, String action) {
        backlog.happened(
                new ClusterEvent(NODE, null, ClusterEvent.Type.WARNING, reason, action, "note " + named++), now, now);
    }

    /** Writes what is due now. */
    private List<Write> writeAll() {
        var writes = new ArrayList<Write>();
        for (Optional<Write> next = backlog.next(now); next.isPresent(); next = backlog.next(now)) {
            writes.add(next.get());
            switch (next.get()) {
                case Write.Create create -> backlog.created(create, "event" + writes.size(), now);
                case Write.Count count -> backlog.counted(count, now);
            }
        }
        return writes;
    }
}

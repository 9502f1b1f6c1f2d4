package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReconcileQueueTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private enum Lane {
        EARLY,
        LATE
    }

    private final ReconcileQueue<String, Lane> queue = new ReconcileQueue<>(Lane.class);

    @Test
    void anOfferReplacesTheOneBefore() {
        queue.offer("a", Lane.EARLY, T0);
        queue.offer("a", Lane.LATE, T0.plusSeconds(1));
        assertThat(queue.poll(T0)).isEmpty();
        assertThat(queue.nextAt()).contains(T0.plusSeconds(1));
        assertThat(queue.poll(T0.plusSeconds(1))).contains("a");
    }

    @Test
    void whatIsHastenedIsNeverDelayed() {
        assertThat(queue.hasten("a", Lane.LATE, T0.plusSeconds(2))).isTrue();
        assertThat(queue.hasten("a", Lane.EARLY, T0.plusSeconds(1))).isTrue();
        assertThat(queue.hasten("a", Lane.EARLY, T0.plusSeconds(1))).isFalse();
        assertThat(queue.hasten("a", Lane.LATE, T0.plusSeconds(9))).isFalse();
        assertThat(queue.poll(T0.plusSeconds(1))).contains("a");
        assertThat(queue.poll(T0.plusSeconds(9))).isEmpty();
    }

    @Test
    void anEarlierLaneGoesFirstAndInALaneWhatWasReadyFirst() {
        queue.offer("a", Lane.LATE, T0);
        queue.offer("b", Lane.EARLY, T0.plusSeconds(2));
        queue.offer("c", Lane.EARLY, T0.plusSeconds(1));
        Instant now = T0.plusSeconds(3);
        assertThat(queue.depth(Lane.LATE, now)).isEqualTo(2);
        assertThat(queue.poll(now)).contains("c");
        assertThat(queue.poll(now)).contains("b");
        assertThat(queue.poll(now)).contains("a");
    }
}

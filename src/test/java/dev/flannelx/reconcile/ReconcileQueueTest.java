package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
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

    @Test
    void looksOnlyAtTheLanesAskedFor() {
        queue.offer("a", Lane.LATE, T0);
        assertThat(queue.poll(List.of(Lane.EARLY), T0)).isEmpty();
        assertThat(queue.isReady(Lane.EARLY, T0)).isFalse();
        assertThat(queue.isReady(Lane.LATE, T0)).isTrue();
        assertThat(queue.poll(List.of(Lane.LATE), T0)).contains("a");
        assertThat(queue.isReady(Lane.LATE, T0)).isFalse();
    }

    @Test
    void holdsAKeyUntilItIsTakenOrWithdrawn() {
        queue.offer("a", Lane.EARLY, T0);
        queue.offer("b", Lane.EARLY, T0.plusSeconds(1));
        assertThat(queue.holds("a")).isTrue();
        assertThat(queue.holds("b")).isTrue();
        assertThat(queue.poll(T0)).contains("a");
        queue.withdraw("b");
        assertThat(queue.holds("a")).isFalse();
        assertThat(queue.holds("b")).isFalse();
        assertThat(queue.nextAt()).isEmpty();
        assertThat(queue.poll(T0.plusSeconds(1))).isEmpty();
    }

    @Test
    void nothingIsReadyInTheLaneThatAKeyLeft() {
        queue.offer("a", Lane.EARLY, T0);
        assertThat(queue.isReady(Lane.EARLY, T0)).isTrue();
        queue.offer("a", Lane.LATE, T0);
        assertThat(queue.isReady(Lane.EARLY, T0)).isFalse();
        assertThat(queue.depth(Lane.LATE, T0)).isZero();
    }

    @Test
    void tellsHowLongTheOldestHasBeenReady() {
        queue.offer("a", Lane.EARLY, T0.plusSeconds(1));
        queue.offer("b", Lane.EARLY, T0.plusSeconds(3));
        assertThat(queue.oldest(Lane.LATE, T0)).isZero();
        assertThat(queue.oldest(Lane.LATE, T0.plusSeconds(5))).hasSeconds(4);
    }
}

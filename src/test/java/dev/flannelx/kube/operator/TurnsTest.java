package dev.flannelx.kube.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final List<Integer> TWELVE = IntStream.range(0, 12).boxed().toList();

    private final List<Integer> written = new ArrayList<>();
    private final Map<Integer, IOException> failing = new HashMap<>();
    private Duration each = Duration.ZERO;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Turns<Integer> turns = new Turns<>(() -> now);

    @Test
    void whatTakesNoTimeIsDoneInOneTurn() {
        assertThat(take(TWELVE)).isEqualTo(new Turn(true, null));
        assertThat(written).isEqualTo(TWELVE);
        assertThat(take(List.of())).isEqualTo(new Turn(true, null));
    }

    @Test
    void aTurnEndsInTimeAndTheNextOnesGoOn() {
        each = Turns.LONGEST.dividedBy(5);
        assertThat(take(TWELVE).isOver()).isFalse();
        assertThat(written).isEqualTo(TWELVE.subList(0, 5));
        assertThat(take(TWELVE).isOver()).isFalse();
        assertThat(take(TWELVE).isOver()).isTrue();
        assertThat(written).isEqualTo(TWELVE);
    }

    @Test
    void aTurnInWhichNothingFitsWritesOneThing() {
        each = Turns.LONGEST.multipliedBy(2);
        TWELVE.forEach(one -> assertThat(take(TWELVE).isOver()).isFalse());
        assertThat(take(TWELVE).isOver()).isTrue();
        assertThat(written).isEqualTo(TWELVE);
    }

    @Test
    void whatIsStillWantedWhenAllWasTriedIsWrittenAgain() {
        take(List.of(1, 2));
        take(List.of(2));
        assertThat(written).containsExactly(1, 2, 2);
    }

    @Test
    void whatFailsHoldsUpNoOtherAndIsToldOfInTheEnd() {
        each = Turns.LONGEST.dividedBy(5);
        failing.put(1, new IOException("first"));
        failing.put(7, new IOException("second"));
        assertThat(take(TWELVE)).isEqualTo(new Turn(false, null));
        assertThat(take(TWELVE)).isEqualTo(new Turn(false, null));
        assertThat(take(TWELVE)).isEqualTo(new Turn(true, failing.get(1)));
        assertThat(written).hasSize(10).doesNotContain(1, 7);
        assertThat(failing.get(1)).hasSuppressedException(failing.get(7));

        failing.clear();
        each = Duration.ZERO;
        assertThat(take(List.of(1, 7))).isEqualTo(new Turn(true, null));
        assertThat(written).endsWith(1, 7);
    }

    @Test
    void whereNobodyAnswersNoOtherIsTriedAtOnceAndTheOthersComeFirstNextTime() {
        var silence = new IOException("timed out", new KubernetesClientException("timed out"));
        failing.put(0, silence);
        assertThat(take(TWELVE)).isEqualTo(new Turn(false, silence));
        assertThat(written).isEmpty();
        assertThat(take(TWELVE)).isEqualTo(new Turn(true, silence));
        assertThat(written).isEqualTo(TWELVE.subList(1, 12));
    }

    @Test
    void anAnswerThatSaysNoHoldsUpNoOther() {
        failing.put(0, new IOException("no", new KubernetesClientException("no", 500, null)));
        assertThat(take(TWELVE).isOver()).isTrue();
        assertThat(written).isEqualTo(TWELVE.subList(1, 12));
    }

    private Turn take(List<Integer> wanted) {
        return turns.take(wanted, one -> {
            now = now.plus(each);
            IOException failure = failing.get(one);
            if (failure != null) {
                throw failure;
            }
            written.add(one);
        });
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteScheduleTest {
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration JITTER = Duration.ofSeconds(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private WriteSchedule<String> schedule = schedule(1);

    private static WriteSchedule<String> schedule(long seed) {
        return new WriteSchedule<>(
                new WriteSchedule.Pace(PAUSE, JITTER, HOUR, new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(20))),
                new Random(seed));
    }

    @Test
    void nothingIsDueBeforeAnythingIsWanted() {
        assertThat(schedule.isDue(START)).isFalse();
        assertThat(schedule.nextAt()).isEmpty();
    }

    @Test
    void aChangeIsWrittenAfterAMomentAndOnce() {
        schedule.want("a", START);
        Instant at = schedule.nextAt().orElseThrow();
        assertThat(at).isBetween(START, START.plus(JITTER));
        assertThat(schedule.isDue(at)).isTrue();

        schedule.written(at);
        schedule.want("a", at.plusSeconds(60));
        assertThat(schedule.isDue(at.plusSeconds(60))).isFalse();
    }

    @Test
    void whatChangesBackBeforeItIsWrittenIsNotWritten() {
        write("a", START);
        schedule.want("b", START.plusSeconds(20));
        schedule.want("a", START.plusSeconds(21));

        assertThat(schedule.isDue(START.plusSeconds(100))).isFalse();
    }

    @Test
    void whatChangesBackAfterAWriteThatMayHaveBeenMadeIsWritten() {
        write("a", START);
        schedule.want("b", START.plusSeconds(20));
        schedule.failed(schedule.nextAt().orElseThrow());
        schedule.want("a", START.plusSeconds(23));

        assertThat(schedule.isDue(START.plusSeconds(60))).isTrue();
        schedule.written(START.plusSeconds(60));
        schedule.want("a", START.plusSeconds(61));
        assertThat(schedule.isDue(START.plusSeconds(1000))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFloodOfChangesIsWrittenAtMostOnceAPause(long seed) {
        schedule = schedule(seed);
        List<Instant> writes = run(100, second -> "change " + second);

        assertThat(writes).hasSizeBetween(7, 10);
        for (int i = 1; i < writes.size(); i++) {
            assertThat(writes.get(i)).isAfterOrEqualTo(writes.get(i - 1).plus(PAUSE));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatNeverChangesIsWrittenHourlyWithJitter(long seed) {
        schedule = schedule(seed);
        List<Instant> writes = run(10 * 3600, _ -> "the same");

        assertThat(writes).hasSizeBetween(10, 11);
        for (int i = 1; i < writes.size(); i++) {
            assertThat(Duration.between(writes.get(i - 1), writes.get(i)))
                    .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(66).plusSeconds(1));
        }
    }

    @Test
    void thousandsOfWritersComeApart() {
        var first = new ArrayList<Instant>();
        for (int seed = 0; seed < 1000; seed++) {
            schedule = schedule(seed);
            write("a", START);
            first.add(schedule.nextAt().orElseThrow());
        }

        assertThat(first.stream().distinct().count()).isGreaterThan(990);
    }

    @Test
    void aWriteThatFailedIsTriedAgainLaterAndLater() {
        schedule.want("a", START);
        Instant now = START.plus(JITTER);
        for (int i = 0; i < 20; i++) {
            schedule.failed(now);
            Instant next = schedule.nextAt().orElseThrow();
            assertThat(next).isBetween(now, now.plusSeconds(20));
            assertThat(schedule.isDue(next)).isTrue();
            now = next;
        }
    }

    @Test
    void aHeartbeatThatFailedIsTriedAgainAndNotMissed() {
        write("a", START);
        Instant beat = schedule.nextAt().orElseThrow();
        schedule.failed(beat);
        schedule.want("a", beat);

        Instant again = schedule.nextAt().orElseThrow();
        assertThat(again).isBetween(beat, beat.plusSeconds(2));
        assertThat(schedule.isDue(again)).isTrue();
        schedule.written(again);
        assertThat(schedule.isDue(again.plusSeconds(60))).isFalse();
    }

    @Test
    void whatWasLostIsWrittenAgain() {
        write("a", START);
        schedule.lost(START.plusSeconds(60));

        assertThat(schedule.isDue(START.plusSeconds(62))).isTrue();
    }

    @Test
    void whatWasLostIsNotWrittenBeforeThePauseIsOver() {
        write("a", START);
        schedule.lost(START.plusSeconds(1));

        assertThat(schedule.isDue(START.plusSeconds(9))).isFalse();
        assertThat(schedule.isDue(START.plusSeconds(14))).isTrue();
    }

    @Test
    void withinAPauseThereIsNoUseInALook() {
        write("a", START);

        assertThat(schedule.opensAt())
                .isBetween(START.plus(PAUSE), START.plus(PAUSE).plus(JITTER));
    }

    private void write(String value, Instant now) {
        schedule.want(value, now);
        schedule.written(now);
    }

    private interface Wanted {
        String at(int second);
    }

    private List<Instant> run(int seconds, Wanted wanted) {
        var writes = new ArrayList<Instant>();
        for (int second = 0; second < seconds; second++) {
            Instant now = START.plusSeconds(second);
            if (!now.isBefore(schedule.opensAt())) {
                schedule.want(wanted.at(second), now);
            }
            if (schedule.isDue(now)) {
                writes.add(now);
                schedule.written(now);
            }
        }
        return writes;
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    private static Stream<Duration> delays(Backoff backoff, int attempts) {
        var random = new Random(7);
        return Stream.generate(() -> backoff.delay(attempts, Duration.ZERO, random))
                .limit(2000);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "8, 60", "1000, 60", "2147483647, 60"})
    void isAnywhereUpToABoundThatDoubles(int attempts, int boundSeconds) {
        Duration bound = Duration.ofSeconds(boundSeconds);
        assertThat(delays(BACKOFF, attempts)).allMatch(delay -> delay.compareTo(bound) <= 0);
        assertThat(delays(BACKOFF, attempts))
                .anyMatch(delay -> delay.compareTo(bound.multipliedBy(9).dividedBy(10)) > 0);
        assertThat(delays(BACKOFF, attempts)).anyMatch(delay -> delay.compareTo(bound.dividedBy(10)) < 0);
    }

    @Test
    void isNeverLessThanTheFailedRunTook() {
        var random = new Random(7);
        Duration took = Duration.ofSeconds(30);
        assertThat(Stream.generate(() -> BACKOFF.delay(1, took, random)).limit(100))
                .allMatch(took::equals);
        assertThat(Stream.generate(() -> BACKOFF.delay(9, took, random)).limit(100))
                .allMatch(delay -> delay.compareTo(took) >= 0)
                .anyMatch(delay -> delay.compareTo(took) > 0);
    }

    @Test
    void survivesDelaysAtTheEndsOfTheirRange() {
        assertThat(delays(new Backoff(Duration.ZERO, Duration.ZERO), 5)).allMatch(Duration.ZERO::equals);
        Duration longest = Duration.ofDays(365);
        assertThat(delays(new Backoff(longest, longest), 40))
                .allMatch(delay -> !delay.isNegative() && delay.compareTo(longest) <= 0);
    }
}

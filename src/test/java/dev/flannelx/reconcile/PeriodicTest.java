package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodicTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final Duration JITTER = Duration.ofMinutes(5);

    @Test
    void isDueOnceAPeriodAndNeverSooner() {
        var periodic = new Periodic(PERIOD, JITTER, new Random(1), START);
        Instant last = null;
        int times = 0;
        for (Instant now = START; now.isBefore(START.plus(Duration.ofDays(1))); now = now.plusSeconds(1)) {
            if (periodic.takeDue(now)) {
                if (last != null) {
                    assertThat(Duration.between(last, now))
                            .isBetween(PERIOD, PERIOD.plus(JITTER).plusSeconds(1));
                }
                last = now;
                times++;
            }
        }
        assertThat(times).isBetween(24 * 4, 24 * 6);
    }

    @Test
    void comesAtAnotherMomentForEach() {
        var firsts = new HashSet<Instant>();
        for (int seed = 0; seed < 100; seed++) {
            var periodic = new Periodic(PERIOD, JITTER, new Random(seed), START);
            Instant now = START;
            while (!periodic.takeDue(now)) {
                now = now.plusSeconds(1);
            }
            firsts.add(now);
        }
        assertThat(firsts).hasSizeGreaterThan(70);
    }
}

package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "5m, PT5M",
        "24h, PT24H",
        "1h30m, PT1H30M",
        "1h0m0s, PT1H",
        "500ms, PT0.5S",
        "1.5h, PT1H30M",
        "100us, PT0.0001S",
        "100µs, PT0.0001S",
        "1ns, PT0.000000001S",
        "0s, PT0S",
        "0, PT0S",
        "90m, PT1H30M",
    })
    void readsGoDurations(String text, Duration duration) {
        assertThat(Spans.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "s",
                "-5m",
                "+5m",
                "5 m",
                "1d",
                "5M",
                "PT5M",
                "1h30",
                "h1",
                "1h-30m",
                "99999999999h",
                "1e3s",
                "30s ",
                "999999999999999999999999999999999999999999999999999999999999999999999999999999999s"
            })
    void refusesAnythingElse(String text) {
        assertThat(Spans.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT24H, 24h", "PT1H30M, 1h30m", "PT0.5S, 500ms", "PT0S, 0s", "PT90S, 1m30s"})
    void writesThemShort(Duration duration, String text) {
        assertThat(Spans.format(duration)).isEqualTo(text);
    }

    @Test
    void readsWhatItWrote() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >> random.nextInt(63));
            assertThat(Spans.parse(Spans.format(duration))).as("seed %d", seed).contains(duration);
        }
    }
}

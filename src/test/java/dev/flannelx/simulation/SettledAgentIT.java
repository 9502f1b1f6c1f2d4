package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent costs the API server while nothing happens. */
class SettledAgentIT {
    private static final Duration TIME = Duration.ofHours(3);
    private static final Duration COMPARISON = Duration.ofMinutes(10);

    @Test
    void asksForAComparisonNowAndThenAndSaysThatItLives(@TempDir Path folder) throws Exception {
        try (var agent = new SettledAgent(folder)) {
            SettledAgent.Requests requests = agent.pass(TIME);

            assertThat(requests.lists())
                    .as("no list but the comparison, from the watch cache, never older than what was seen")
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo((int) TIME.dividedBy(COMPARISON))
                    .allMatch(list -> list.contains("resourceVersionMatch=NotOlderThan"))
                    .noneMatch(list -> list.contains("resourceVersion=0"));
            assertThat(requests.writes())
                    .as("at most a heartbeat an hour")
                    .hasSizeBetween(2, (int) TIME.toHours())
                    .allMatch(write -> write.startsWith("PUT ") && write.contains("/flannelnodes/settled/status"));
            assertThat(requests.reads()).isEmpty();
        }
    }
}

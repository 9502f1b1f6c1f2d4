package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.app.agent.StatusWriter.Report;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void thatAHookFailedOnceMoreIsSeldomWorthAWrite() {
        long worth = IntStream.rangeClosed(1, 1000)
                .mapToObj(attempts -> report(attempts, "no route").worthAWrite())
                .distinct()
                .count();

        assertThat(worth).isEqualTo(10);
    }

    @Test
    void whatElseChangesIsWorthAWrite() {
        Report before = report(5, "no route").worthAWrite();

        assertThat(report(5, "another problem").worthAWrite()).isNotEqualTo(before);
        assertThat(new Report("another", report(5, "no route").networks()).worthAWrite())
                .isNotEqualTo(before);
        assertThat(new Report("uid", List.of()).worthAWrite()).isNotEqualTo(before);
    }

    private static Report report(int attempts, String message) {
        return new Report(
                "uid",
                List.of(new NetworkStatus(
                        "demo",
                        Phase.ACTIVE,
                        1,
                        null,
                        true,
                        "PeersFailing",
                        message,
                        new NetworkStatus.Peers(1, 0, 1, 0),
                        List.of(new NetworkStatus.Failure("subnetAdd", null, attempts, 2, message)))));
    }
}

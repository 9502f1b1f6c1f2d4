package dev.flannelx.lease;

import static dev.flannelx.lease.Leases.T0;
import static dev.flannelx.lease.Leases.lease;
import static dev.flannelx.lease.Leases.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.LeaseExpiry.Holder;
import dev.flannelx.lease.LeaseExpiry.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseExpiryTest {
    private static final Duration DURATION = Duration.ofHours(1);
    private static final Lease LEASE = lease("a", "10.50.7.0/24", 0);
    private static final Verdict KEEP = new Verdict.Keep();

    private final LeaseExpiry expiry = new LeaseExpiry();
    private Instant now = T0;

    @Test
    void expiresTheLeaseOfANodeThatIsGone() {
        expiry.look(Map.of(), now);
        assertThat(judge()).isEqualTo(new Verdict.Expire("Node a is gone"));
    }

    @Test
    void expiresTheLeaseOfANodeThatCameBackAsAnother() {
        expiry.look(Map.of("a", new Holder("new uid", true, T0)), now);
        assertThat(judge()).isEqualTo(new Verdict.Expire("Node a is another one now: its uid is new uid"));
    }

    @Test
    void expiresTheLeaseOfANodeThatWasSilentAndNotReadyAllTheTime() {
        watch(DURATION.minusMinutes(1), false, T0);
        assertThat(judge()).isEqualTo(KEEP);
        watch(Duration.ofMinutes(1), false, T0);
        assertThat(judge()).isEqualTo(new Verdict.Expire("Node a was not ready and its agent silent for 1h"));
    }

    @Test
    void expiresTheLeaseOfANodeWhoseAgentNeverSentAHeartbeat() {
        watch(DURATION, false, null);
        assertThat(judge()).isInstanceOf(Verdict.Expire.class);
    }

    @Test
    void countsAfreshAfterAHeartbeatWhateverTimeItBears() {
        watch(DURATION.minusMinutes(1), false, T0);
        watch(DURATION.minusMinutes(1), false, T0.minusSeconds(86_400));
        assertThat(judge()).isEqualTo(KEEP);
    }

    @Test
    void countsAfreshAfterTheNodeWasReadyOnce() {
        watch(DURATION.minusMinutes(1), false, T0);
        watch(Duration.ofMinutes(1), true, T0);
        watch(DURATION.minusMinutes(1), false, T0);
        assertThat(judge()).isEqualTo(KEEP);
    }

    @Test
    void onlyReportsANodeThatIsReadyWithoutHeartbeat() {
        watch(DURATION.multipliedBy(3), true, T0);
        assertThat(judge()).isEqualTo(new Verdict.Report("Node a is ready, but its agent was silent for 1h"));
    }

    @Test
    void keepsTheLeaseOfANodeThatIsNotReadyButSendsHeartbeats() {
        for (int i = 0; i < 5; i++) {
            watch(Duration.ofMinutes(50), false, T0.plusSeconds(i));
        }
        assertThat(judge()).isEqualTo(KEEP);
    }

    @Test
    void countsAfreshAfterNobodyLookedForAWhile() {
        watch(DURATION.minusMinutes(1), false, T0);
        now = now.plus(LeaseExpiry.GAP).plusSeconds(60);
        watch(Duration.ofMinutes(1), false, T0);
        assertThat(judge()).isEqualTo(KEEP);
        watch(DURATION, false, T0);
        assertThat(judge()).isInstanceOf(Verdict.Expire.class);
    }

    @Test
    void callsAnAgentSilentThatItHasWatchedInVainForSoLong() {
        assertThat(expiry.isSilent("a", Duration.ZERO)).isFalse();
        watch(DURATION.minusMinutes(1), true, T0);
        assertThat(expiry.isSilent("a", DURATION)).isFalse();
        watch(Duration.ofMinutes(1), true, T0);
        assertThat(expiry.isSilent("a", DURATION)).isTrue();
        watch(Duration.ofMinutes(1), true, T0.plusSeconds(1));
        assertThat(expiry.isSilent("a", DURATION)).isFalse();
    }

    @Test
    void expiresNothingUntilItHasLooked() {
        assertThat(judge()).isEqualTo(KEEP);
    }

    @Test
    void expiresNothingWhileItPauses() {
        expiry.look(Map.of(), now);
        expiry.pause(now);
        assertThat(judge()).isEqualTo(KEEP);
        expiry.look(Map.of(), now);
        assertThat(judge()).isEqualTo(new Verdict.Expire("Node a is gone"));
    }

    @Test
    void countsOnAfterAPause() {
        watch(DURATION.minusMinutes(1), false, T0);
        pause(Duration.ofSeconds(60));
        assertThat(judge()).isEqualTo(KEEP);
        watch(Duration.ZERO, false, T0);
        assertThat(judge()).isInstanceOf(Verdict.Expire.class);
    }

    @Test
    void countsAfreshAfterAPauseThatIsAGap() {
        watch(DURATION, false, T0);
        pause(LeaseExpiry.GAP.plusSeconds(1));
        assertThat(judge()).isEqualTo(KEEP);
        watch(DURATION.minusMinutes(1), false, T0);
        assertThat(judge()).isEqualTo(KEEP);
        watch(Duration.ofMinutes(1), false, T0);
        assertThat(judge()).isInstanceOf(Verdict.Expire.class);
    }

    @Test
    void callsAnAgentSilentThroughAPauseUntilThatIsAGap() {
        watch(DURATION, true, T0);
        pause(LeaseExpiry.GAP);
        assertThat(expiry.isSilent("a", DURATION)).isTrue();
        pause(Duration.ofSeconds(1));
        assertThat(expiry.isSilent("a", DURATION)).isFalse();
    }

    @Test
    void countsAfreshForANodeThatWasAwayMeanwhile() {
        watch(DURATION.minusMinutes(1), false, T0);
        expiry.look(Map.of(), now);
        watch(Duration.ofMinutes(2), false, T0);
        assertThat(judge()).isEqualTo(KEEP);
    }

    @Test
    void keepsAReservationThatNobodyTook() {
        expiry.look(Map.of(), now);
        assertThat(expiry.judge(reservation("a", "10.50.7.0/24", 0), DURATION)).isEqualTo(KEEP);
    }

    private void watch(Duration duration, boolean ready, @Nullable Instant heartbeat) {
        Instant until = now.plus(duration);
        Holder holder = new Holder("uid-a", ready, heartbeat);
        expiry.look(Map.of("a", holder), now);
        while (now.isBefore(until)) {
            now = now.plusSeconds(60);
            expiry.look(Map.of("a", holder), now);
        }
    }

    private void pause(Duration duration) {
        expiry.pause(now);
        now = now.plus(duration);
        expiry.pause(now);
    }

    private Verdict judge() {
        return expiry.judge(LEASE, DURATION);
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.RemovalGate.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemovalGateTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Subnet ONE = Simulation.subnet(1);
    private static final Subnet TWO = Simulation.subnet(2);

    private final RemovalGate gate = new RemovalGate();

    private Verdict judge(Subnet subnet, int applied, Instant now) {
        return gate.judge(subnet, applied, GRACE, now);
    }

    private static Instant at(int seconds) {
        return T0.plusSeconds(seconds);
    }

    private static Verdict waitUntil(Instant moment) {
        return new Verdict.Wait(moment);
    }

    private void remove(Subnet subnet, int applied, Instant now) {
        assertThat(judge(subnet, applied, now)).isEqualTo(new Verdict.Confirm());
        assertThat(gate.takeUnconfirmed()).containsExactly(subnet);
        gate.confirm(Set.of(subnet));
        assertThat(judge(subnet, applied, now)).isEqualTo(new Verdict.Pass());
        gate.settled(subnet);
    }

    @Test
    void collectsForAMomentAndWantsAConsistentReadBeforeItLetsGo() {
        assertThat(judge(ONE, 10, T0)).isEqualTo(waitUntil(at(2)));
        assertThat(judge(ONE, 10, at(1))).isEqualTo(waitUntil(at(2)));
        assertThat(gate.takeAsked()).isFalse();

        assertThat(judge(ONE, 10, at(2))).isEqualTo(new Verdict.Confirm());
        assertThat(gate.takeAsked()).isTrue();
        assertThat(gate.takeAsked()).isFalse();
        assertThat(gate.takeUnconfirmed()).containsExactly(ONE);

        gate.confirm(Set.of());
        assertThat(judge(ONE, 10, at(3))).isEqualTo(new Verdict.Confirm());
        assertThat(gate.takeUnconfirmed()).containsExactly(ONE);
        gate.confirm(Set.of(ONE));
        assertThat(judge(ONE, 10, at(4))).isEqualTo(new Verdict.Pass());
    }

    @Test
    void countsTheCollectionFromWhenItVanished() {
        gate.vanished(ONE, T0);
        assertThat(judge(ONE, 10, at(2))).isEqualTo(new Verdict.Confirm());
    }

    @Test
    void holdsTwoThatAreHalfOfAllForTheGrace() {
        gate.vanished(ONE, T0);
        gate.vanished(TWO, at(1));
        assertThat(judge(ONE, 4, at(3))).isEqualTo(waitUntil(T0.plus(GRACE)));
        assertThat(judge(TWO, 4, at(3))).isEqualTo(waitUntil(at(1).plus(GRACE)));
        assertThat(gate.held()).isEqualTo(2);

        remove(ONE, 4, T0.plus(GRACE));
        assertThat(gate.held()).isEqualTo(1);
        assertThat(judge(TWO, 3, T0.plus(GRACE))).isEqualTo(waitUntil(at(1).plus(GRACE)));
    }

    @Test
    void takesLessThanHalfForNoAccident() {
        gate.vanished(ONE, T0);
        gate.vanished(TWO, T0);
        assertThat(judge(ONE, 5, at(2))).isEqualTo(new Verdict.Confirm());
        assertThat(gate.held()).isZero();
    }

    @Test
    void takesOneForNoAccidentThoughItIsAll() {
        gate.vanished(ONE, T0);
        assertThat(judge(ONE, 1, at(2))).isEqualTo(new Verdict.Confirm());
    }

    @Test
    void countsWithinAMinuteWhatIsRemovedByNow() {
        gate.vanished(ONE, T0);
        remove(ONE, 4, at(2));
        gate.vanished(TWO, at(58));
        assertThat(judge(TWO, 3, at(60))).isEqualTo(waitUntil(at(58).plus(GRACE)));
    }

    @Test
    void countsNothingThatVanishedMoreThanAMinuteAgo() {
        gate.vanished(ONE, T0);
        remove(ONE, 4, at(2));
        gate.vanished(TWO, at(59));
        assertThat(judge(TWO, 3, at(61))).isEqualTo(new Verdict.Confirm());
    }

    @Test
    void holdsWhatItHeldOnceThoughTheMinuteIsOver() {
        gate.vanished(ONE, T0);
        gate.vanished(TWO, T0);
        assertThat(judge(ONE, 4, at(2))).isEqualTo(waitUntil(T0.plus(GRACE)));
        assertThat(judge(ONE, 4, at(120))).isEqualTo(waitUntil(T0.plus(GRACE)));
    }

    @Test
    void letsWhatIsInTheWayGoAtOnceButNotUnconfirmed() {
        gate.vanished(ONE, T0);
        gate.vanished(TWO, T0);
        assertThat(judge(ONE, 4, at(2))).isEqualTo(waitUntil(T0.plus(GRACE)));
        assertThat(gate.hurry(ONE)).isTrue();
        assertThat(gate.hurry(ONE)).isFalse();
        assertThat(gate.held()).isZero();
        remove(ONE, 4, at(2));
        assertThat(judge(TWO, 3, at(2))).isEqualTo(waitUntil(T0.plus(GRACE)));
    }

    @Test
    void forgetsAllOfWhatCameBack() {
        gate.vanished(ONE, T0);
        assertThat(judge(ONE, 10, at(2))).isEqualTo(new Verdict.Confirm());
        gate.takeUnconfirmed();
        gate.confirm(Set.of(ONE));
        gate.hurry(ONE);
        gate.returned(ONE);
        assertThat(judge(ONE, 10, at(3))).isEqualTo(waitUntil(at(5)));
        assertThat(judge(ONE, 10, at(5))).isEqualTo(new Verdict.Confirm());
    }

    @Test
    void takesNoAnswerAboutWhatCameBackWhileTheReadWasUnderWay() {
        gate.vanished(ONE, T0);
        assertThat(judge(ONE, 10, at(2))).isEqualTo(new Verdict.Confirm());
        assertThat(gate.takeUnconfirmed()).containsExactly(ONE);
        gate.returned(ONE);
        gate.vanished(ONE, at(3));
        gate.confirm(Set.of(ONE));
        assertThat(judge(ONE, 10, at(5))).isEqualTo(new Verdict.Confirm());
    }
}

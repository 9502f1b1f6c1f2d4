package dev.flannelx.kube.operator;

import static dev.flannelx.kube.operator.OperatedCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator's loop and the election that tells it when to work. Time stands still unless it is moved. */
class OperatorLoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final LeasePretender pretender = new LeasePretender();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicInteger looksAtTheClock = new AtomicInteger();
    private final List<Boolean> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger terms = new AtomicInteger();
    private final LeaderElection election = new LeaderElection(
            pretender.client(),
            new OperatorIdentity("flannelx-system", "one"),
            new ElectionTiming(DEADLINE.plusSeconds(30), DEADLINE, Duration.ofMillis(50)),
            new OperatorClocks(this::time, this::time, this::time),
            this::changed);
    private final OperatorLoop loop =
            new OperatorLoop(election, this::newTerm, () -> {}, InstantSource.fixed(Instant.EPOCH));
    private volatile Runnable trouble = () -> {};

    @AfterEach
    void close() throws InterruptedException {
        trouble = () -> {};
        election.stop();
        loop.stop(Duration.ZERO);
        pretender.close();
    }

    @Test
    void worksAgainAfterItsLeadershipLapsedWhileItWasRenewed() {
        loop.start();
        election.start();
        await("it works").until(() -> terms.get() > 0);
        var lapsed = new AtomicBoolean();
        pretender.meanwhile = () -> {
            pretender.meanwhile = () -> {};
            move(Duration.ofSeconds(2));
            int looks = looksAtTheClock.get();
            loop.wake();
            await("the loop has seen that it does not lead").until(() -> looksAtTheClock.get() > looks);
            terms.set(0);
            lapsed.set(true);
        };
        move(DEADLINE.minusSeconds(1));

        await("it does not lead for a moment").untilTrue(lapsed);
        await("it works again").until(() -> terms.get() > 0);
        assertThat(told).containsExactly(true, false, true);
        assertThat(election.term()).isEqualTo(2);
    }

    @Test
    void isAliveAfterABugAndNotOnceAnErrorHasEndedItsThread() {
        assertThat(loop.isAlive()).as("before its start").isTrue();
        loop.start();
        election.start();
        await("the bug").until(() -> terms.get() > 0);
        assertThat(loop.isAlive()).isTrue();
        trouble = OperatorLoopTest::fail;
        loop.wake();
        await("its end").dontCatchUncaughtExceptions().until(() -> !loop.isAlive());
    }

    @Test
    void anElectionIsNotAliveOnceAnErrorHasEndedItsThread() {
        election.start();
        await("it is told").until(() -> !told.isEmpty());
        assertThat(election.isAlive()).isTrue();
        pretender.meanwhile = () -> move(DEADLINE);
        trouble = OperatorLoopTest::fail;
        move(Duration.ofSeconds(1));
        await("its end").dontCatchUncaughtExceptions().until(() -> !election.isAlive());
    }

    private static void fail() {
        throw new AssertionError("an error that is expected here");
    }

    private Instant time() {
        looksAtTheClock.incrementAndGet();
        return now.get();
    }

    private void move(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    private void changed() {
        told.add(election.isLeading());
        loop.wake();
        trouble.run();
    }

    /** Fails, so that there is nothing to be done before the loop is woken again. */
    private Term newTerm() {
        terms.incrementAndGet();
        trouble.run();
        throw new IllegalStateException("there is no work in this test");
    }
}

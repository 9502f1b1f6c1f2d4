package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Semaphore done = new Semaphore(0);
    private final List<RuntimeException> bugs = new CopyOnWriteArrayList<>();
    private volatile Worker.Task task = Optional::empty;
    private final Worker worker = new Worker(
            "test",
            InstantSource.system(),
            () -> {
                Optional<Instant> next = task.work();
                done.release();
                return next;
            },
            bugs::add);

    @AfterEach
    void stop() throws InterruptedException {
        worker.stop(LONG);
    }

    @Test
    void worksAtOnceAndWheneverItIsWoken() throws InterruptedException {
        worker.start();
        awaitRound();
        worker.wake();
        awaitRound();
    }

    @Test
    void aWakeDuringWorkIsNotLost() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        task = () -> {
            begun.countDown();
            goOn.await();
            return Optional.empty();
        };
        worker.start();
        begun.await();
        worker.wake();
        goOn.countDown();
        awaitRound();
        awaitRound();
    }

    @RepeatedTest(20)
    void whateverWasSaidBeforeAWakeIsSeenAfterIt() throws InterruptedException {
        var said = new AtomicInteger();
        var seen = new AtomicInteger();
        task = () -> {
            seen.set(said.get());
            return Optional.empty();
        };
        worker.start();
        for (int i = 1; i <= 200; i++) {
            said.set(i);
            worker.wake();
        }
        while (seen.get() < 200) {
            awaitRound();
        }
    }

    @Test
    void worksAgainAtTheTimeThatItNamed() throws InterruptedException {
        task = () -> Optional.of(Instant.now().plusMillis(5));
        worker.start();
        for (int i = 0; i < 5; i++) {
            awaitRound();
        }
    }

    @Test
    void goesOnAfterABug() throws InterruptedException {
        var rounds = new AtomicInteger();
        task = () -> {
            if (rounds.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug");
            }
            return Optional.empty();
        };
        worker.start();
        awaitRound();

        assertThat(bugs).singleElement().hasFieldOrPropertyWithValue("message", "a bug");
    }

    @Test
    void isNotAliveOnceAnErrorHasEndedItsThread() throws InterruptedException {
        assertThat(worker.isAlive()).as("before its start").isTrue();
        worker.start();
        awaitRound();
        assertThat(worker.isAlive()).isTrue();
        task = () -> {
            throw new AssertionError("an error that is expected here");
        };
        worker.wake();
        Awaitility.await().dontCatchUncaughtExceptions().until(() -> !worker.isAlive());

        assertThat(bugs).isEmpty();
    }

    @Test
    void whatIsUnderWayAtTheEndOfTheGraceIsInterrupted() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        task = () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Optional.empty();
        };
        worker.start();
        begun.await();
        worker.stop(Duration.ofMillis(1));

        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void doesNothingAfterItsEnd() throws InterruptedException {
        worker.start();
        awaitRound();
        worker.stop(LONG);
        assertThat(worker.isAlive()).as("nothing is amiss").isTrue();
        done.drainPermits();
        worker.wake();

        assertThat(done.availablePermits()).isZero();
    }

    @Test
    void mayEndBeforeItBegan() throws InterruptedException {
        worker.stop(LONG);

        assertThat(done.availablePermits()).isZero();
    }

    private void awaitRound() throws InterruptedException {
        assertThat(done.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
}

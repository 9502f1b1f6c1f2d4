package dev.flannelx.reconcile;

import static dev.flannelx.reconcile.TestPeers.DONE;
import static dev.flannelx.reconcile.TestPeers.FAILED;
import static dev.flannelx.reconcile.TestPeers.T0;
import static dev.flannelx.reconcile.TestPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.BatchLine;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.network.HookCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which hook of which peer comes when. Several are taken before one ends, as with a parallelism. */
class PeerOrderTest {
    private static final HookCommands CHECKED = new HookCommands(null, null, "add", "del", null, "look", null, null);
    private static final HookCommands BATCH = new HookCommands(null, null, null, null, null, null, null, "batch");
    private static final Duration PERIOD = TestPeers.network(CHECKED).settings().checkPeriod();

    private final TestPeers test = new TestPeers(TestPeers.COMMANDS);

    @Test
    void runsHooksOfSeveralPeersAtOnce() {
        test.desire(T0, peer(1, "a", ""), peer(2, "b", ""));
        assertThat(test.next(T0)).isPresent();
        assertThat(test.next(T0)).isPresent();
        assertThat(test.next(T0)).isEmpty();
    }

    @Test
    void runsNoTwoHooksOfOneNodeAtOnceThoughItMovedDuringItsFirstAdd() {
        PeerTask first = take(peer(1, "a", ""));
        test.desire(T0, peer(2, "a", ""));
        assertThat(test.next(T0)).isEmpty();

        test.finish(first, DONE, T0);
        assertThat(test.next(T0)).isEmpty();
        test.confirmGone(T0);
        test.runs(Hook.SUBNET_REMOVE, peer(1, "a", ""), DONE, T0);
        test.runs(Hook.SUBNET_ADD, peer(2, "a", ""), DONE, T0);
    }

    @Test
    void runsNoTwoHooksOfOneNodeAtOnceThoughItsFirstAddFails() {
        PeerTask first = take(peer(1, "a", ""));
        test.desire(T0, peer(2, "a", ""));
        test.finish(first, FAILED, T0);
        assertThat(test.next(T0)).isEmpty();
        test.confirmGone(T0);
        test.runs(Hook.SUBNET_REMOVE, peer(1, "a", ""), DONE, T0);
        test.runs(Hook.SUBNET_ADD, peer(2, "a", ""), DONE, T0);
    }

    private PeerTask take(Peer peer) {
        test.desire(T0, peer);
        return test.takes(Hook.SUBNET_ADD, peer, T0);
    }

    @Test
    void runsNoRemoveOfWhatWasSetAsideWhileItsNodeIsAddedElsewhere() {
        test.restore(new AppliedPeer(peer(1, "a", ""), TestPeers.COMMANDS.peers(), AppliedPeer.State.APPLIED, null));
        test.peers.drain(true, T0);
        Instant now = T0;
        for (int tries = 1; tries <= 5; tries++) {
            now = tries == 1 ? now : test.later(now);
            test.runs(Hook.SUBNET_REMOVE, peer(1, "a", ""), FAILED, now);
        }
        test.peers.drain(false, now);
        test.desire(now, peer(1, "b", ""), peer(2, "a", ""));

        var kernel = new SimulatedKernel();
        kernel.up = true;
        for (List<PeerTask> tasks = twoAtMost(now); !tasks.isEmpty(); tasks = twoAtMost(now)) {
            assertThat(tasks).extracting(PeerOrderTest::node).doesNotHaveDuplicates();
            for (PeerTask task : tasks.reversed()) {
                kernel.run(task.invocation());
                test.finish(task, DONE, now);
            }
        }
        assertThat(kernel.tunnels.values()).containsExactlyInAnyOrder(peer(1, "b", ""), peer(2, "a", ""));
        assertThat(kernel.routes.values()).containsExactlyInAnyOrder(peer(1, "b", ""), peer(2, "a", ""));
    }

    private List<PeerTask> twoAtMost(Instant now) {
        Optional<PeerTask> first = test.next(now);
        return first.isEmpty()
                ? List.of()
                : Stream.concat(first.stream(), test.next(now).stream()).toList();
    }

    private static String node(PeerTask task) {
        return task.operations().getFirst().peer().node();
    }

    @Test
    void givesFirstAttemptsBeforeRetriesAndRetriesBeforeChecks() {
        var checked = new TestPeers(CHECKED);
        checked.desire(T0, peer(1, "a", ""));
        checked.runs(Hook.SUBNET_ADD, peer(1, "a", ""), DONE, T0);
        checked.runs(Hook.SUBNET_CHECK, peer(1, "a", ""), DONE, T0);
        checked.desire(T0, peer(1, "a", ""), peer(2, "b", ""));
        checked.runs(Hook.SUBNET_ADD, peer(2, "b", ""), FAILED, T0);

        Instant allAreDue = T0.plus(PERIOD);
        checked.desire(allAreDue, peer(1, "a", ""), peer(2, "b", ""), peer(3, "c", ""));
        checked.takes(Hook.SUBNET_ADD, peer(3, "c", ""), allAreDue);
        checked.takes(Hook.SUBNET_REMOVE, peer(2, "b", ""), allAreDue);
        checked.takes(Hook.SUBNET_CHECK, peer(1, "a", ""), allAreDue);
    }

    @Test
    void putsRemovesBeforeAddsInABatch() {
        var batches = new TestPeers(BATCH);
        batches.desire(T0, peer(1, "a", ""));
        batches.finish(batches.next(T0).orElseThrow(), DONE, T0);
        batches.desire(T0);
        Instant collected = T0.plus(RemovalGate.COLLECT);
        assertThat(batches.next(collected)).isEmpty();
        batches.desire(collected, peer(2, "b", ""));
        batches.confirmGone(collected);

        var batch =
                (HookInvocation.ForBatch) batches.next(collected).orElseThrow().invocation();
        assertThat(batch.lines())
                .containsExactly(
                        new BatchLine(BatchLine.Operation.REMOVE, peer(1, "a", "")),
                        new BatchLine(BatchLine.Operation.ADD, peer(2, "b", "")));
    }

    @Test
    void goesOnWithOthersWhileOneFails() {
        test.desire(T0, peer(1, "a", ""), peer(2, "b", ""));
        PeerTask first = test.next(T0).orElseThrow();
        test.finish(first, FAILED, T0);
        PeerTask second = test.next(T0).orElseThrow();
        assertThat(second.operations()).isNotEqualTo(first.operations());
        test.finish(second, DONE, T0);
        assertThat(test.peers.counts()).isEqualTo(new NetworkStatus.Peers(2, 1, 1, 0));
    }

    @Test
    void waitsBeforeARetryAtLeastAsLongAsTheFailedRunTook() {
        test.desire(T0, peer(1, "a", ""));
        PeerTask task = test.next(T0).orElseThrow();
        Duration took = Duration.ofSeconds(20);
        Instant end = T0.plus(took);
        test.finish(task, new HookOutcome.TimedOut(took, "", took), end);
        assertThat(test.later(end)).isEqualTo(end.plus(took));
        assertThat(test.next(end.plus(took).minusMillis(1))).isEmpty();
        assertThat(test.next(end.plus(took))).isPresent();
    }

    @Test
    void takesASubnetOverAtOnceWhenAnotherNodeNeedsIt() {
        var held = new TestPeers(TestPeers.COMMANDS);
        held.desire(T0, peer(1, "a", ""));
        held.runs(Hook.SUBNET_ADD, peer(1, "a", ""), DONE, T0);
        held.desire(T0, peer(1, "b", ""));
        assertThat(held.next(T0)).isEmpty();
        held.confirmGone(T0);
        held.runs(Hook.SUBNET_REMOVE, peer(1, "a", ""), DONE, T0);
        held.runs(Hook.SUBNET_ADD, peer(1, "b", ""), DONE, T0);
    }

    @Test
    void keepsChecksToATenthOfTheTime() {
        var checked = new TestPeers(CHECKED);
        checked.restore(applied(1, "a"), applied(2, "b"), applied(3, "c"));
        checked.desire(T0, peer(1, "a", ""), peer(2, "b", ""), peer(3, "c", ""));
        checked.peers.renewAll(T0);
        Instant now = checked.later(T0);
        assertThat(now).isEqualTo(T0.plus(PERIOD));

        Duration took = Duration.ofSeconds(2);
        for (int check = 0; check < 3; check++) {
            PeerTask task = checked.next(now).orElseThrow();
            assertThat(task.invocation().hook()).isEqualTo(Hook.SUBNET_CHECK);
            assertThat(checked.next(now)).as("another one at the same time").isEmpty();
            Instant end = now.plus(took);
            checked.finish(task, new HookOutcome.Succeeded("", "", took), end);
            assertThat(checked.next(end)).isEmpty();
            now = checked.later(end);
            assertThat(now).isAfterOrEqualTo(end.plus(took.multipliedBy(9)));
        }
    }

    private static AppliedPeer applied(int subnet, String node) {
        return new AppliedPeer(peer(subnet, node, ""), CHECKED.peers(), AppliedPeer.State.APPLIED, null);
    }
}

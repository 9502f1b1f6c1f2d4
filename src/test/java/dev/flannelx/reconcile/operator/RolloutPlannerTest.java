package dev.flannelx.reconcile.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.Rollout;
import dev.flannelx.reconcile.operator.Progress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final long OLD = 1;
    private static final long NEW = 2;

    private final Map<String, Member> members = new TreeMap<>();
    private RolloutPlanner planner = new RolloutPlanner(OLD, null);
    private Rollout rollout = new Rollout("1", TIMEOUT);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void raisesOneNodeAtATimeUntilAllHaveTheLatestSpec() {
        nodes("a", "b", "c");
        assertThat(plan().raise()).containsExactly("a");
        raised("a");
        assertThat(plan().raise()).isEmpty();
        applied("a", false);
        assertThat(plan().raise()).as("it is not ready yet").isEmpty();
        applied("a", true);
        assertThat(plan().raise()).containsExactly("b");
        raised("b");
        applied("b", true);
        assertThat(plan().raise()).containsExactly("c");
        raised("c");
        assertThat(plan().progress())
                .isEqualTo(new Progress(State.ROLLING_OUT, "2 of 3 nodes have generation 2; waiting for c"));
        applied("c", true);
        assertThat(plan().progress())
                .isEqualTo(new Progress(State.UP_TO_DATE, "every node that has joined has generation 2"));
    }

    @Test
    void raisesAsManyAtOnceAsMayBeUnavailable() {
        nodes("a", "b", "c", "d", "e");
        rollout = new Rollout("40%", TIMEOUT);
        assertThat(plan().raise()).containsExactlyInAnyOrder("a", "b");
        raised("a", "b");
        applied("b", true);
        assertThat(plan().raise()).containsExactly("c");
    }

    @Test
    void raisesNodesThatAreNotReadyFirstAndOutsideTheBudget() {
        nodes("a", "b", "c", "d");
        change("c", member -> with(member, member.answers(), false, 1L, OLD));
        change("d", member -> with(member, member.answers(), false, 1L, OLD));
        assertThat(plan().raise()).containsExactlyInAnyOrder("c", "d", "a");
        raised("c", "d", "a");
        applied("a", true);
        assertThat(plan().raise()).as("though c and d are not ready yet").containsExactly("b");
    }

    @Test
    void saysWhomToRaiseUntilThatIsToBeSeenAndNobodyInstead() {
        nodes("a", "b");
        assertThat(plan().raise()).containsExactly("a");
        change("a", member -> with(member, member.answers(), false, null, OLD));
        assertThat(plan().raise()).containsExactly("a");
    }

    @Test
    void leavesNodesAloneThatHaveTheLatestSpecAnyway() {
        nodes("a", "b");
        applied("a", true);
        applied("b", true);
        assertThat(plan().raise()).isEmpty();
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void haltsAtANodeThatIsNotReadyInTime() {
        nodes("a", "b", "c");
        plan();
        raised("a");
        applied("a", false);
        assertThat(plan().nextAt()).contains(now.plus(TIMEOUT));
        now = now.plus(TIMEOUT).minusMillis(1);
        assertThat(plan().progress().state()).isEqualTo(State.ROLLING_OUT);
        now = now.plusMillis(1);
        assertThat(plan().progress())
                .isEqualTo(new Progress(
                        State.HALTED, "node a is not in order with generation 2 after 5m: want another generation"));

        applied("a", true);
        assertThat(plan().raise()).as("only another generation ends it").isEmpty();
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void anotherGenerationEndsTheHaltAndReachesTheBrokenNodeFirst() {
        nodes("a", "b", "c");
        halt("b");
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
        assertThat(plan(NEW + 1).raise()).containsExactlyInAnyOrder("b", "a");
    }

    @Test
    void onARollBackOnlyNodesThatMovedAreRaised() {
        nodes("a", "b", "c");
        halt("a");
        // The spec is as it was: agents that still had it say so by themselves.
        change("b", member -> with(member, true, true, null, NEW + 1));
        change("c", member -> with(member, true, true, null, NEW + 1));
        assertThat(plan(NEW + 1).raise()).containsExactly("a");
        change("a", member -> with(member, true, true, NEW + 1, NEW + 1));
        assertThat(plan(NEW + 1).progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aNodeWhoseAddsFailHasNotSettledThoughItIsReady() {
        nodes("a", "b", "c");
        plan();
        raised("a");
        applied("a", true);
        change("a", member -> failing(member, 2));
        assertThat(plan().raise()).isEmpty();
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void aPeerThatFailsEverywhereStopsNoRollOut() {
        nodes("a", "b", "c");
        members.replaceAll((name, member) -> failing(member, 1));
        for (String node : List.of("a", "b", "c")) {
            assertThat(plan().raise()).containsExactly(node);
            raised(node);
            applied(node, true);
        }
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aSelectorThatMatchesNothingTakesAwayOneNode() {
        nodes("a", "b", "c");
        members.replaceAll((name, member) -> unselected(member));
        assertThat(plan().raise()).containsExactly("a");
        raised("a");
        left("a");
        assertThat(plan().raise()).isEmpty();
        now = now.plus(TIMEOUT);
        assertThat(plan().raise()).isEmpty();
        assertThat(plan().progress())
                .isEqualTo(new Progress(
                        State.HALTED,
                        "node a left, and after 5m no node that nodeSelector matches is ready with generation 2:"
                                + " want another generation"));
    }

    @Test
    void aSelectorThatMatchesNodesWhichDoNotGetReadyTakesAwayOneNode() {
        nodes("a", "b", "c");
        members.replaceAll((name, member) -> name.equals("c") ? with(member, true, false, null, OLD) : member);
        List.of("a", "b").forEach(name -> change(name, RolloutPlannerTest::unselected));
        assertThat(plan().raise()).containsExactlyInAnyOrder("c", "a");
        raised("c", "a");
        left("a");
        now = now.plus(TIMEOUT);
        assertThat(plan().raise()).isEmpty();
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void nodesLeaveOneAfterTheOtherAndAfterThoseThatStay() {
        nodes("a", "b", "c");
        List.of("a", "b").forEach(name -> change(name, RolloutPlannerTest::unselected));
        assertThat(plan().raise()).containsExactly("c");
        raised("c");
        applied("c", true);
        assertThat(plan().raise()).containsExactly("a");
        raised("a");
        assertThat(plan().raise()).isEmpty();
        left("a");
        assertThat(plan().raise()).containsExactly("b");
        raised("b");
        left("b");
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aNodeThatNobodyAnswersForFollowsWhenSomebodyDoes() {
        nodes("a", "b");
        change("a", member -> with(member, false, false, null, OLD));
        assertThat(plan().raise()).containsExactly("b");
        raised("b");
        applied("b", true);
        now = now.plus(TIMEOUT.multipliedBy(2));
        assertThat(plan().progress())
                .isEqualTo(new Progress(State.ROLLING_OUT, "1 of 2 nodes have generation 2; no sign of life from a"));
        change("a", member -> with(member, true, true, null, OLD));
        assertThat(plan().raise()).containsExactly("a");
    }

    @Test
    void aNodeThatIsDeletedIsWaitedForNoMore() {
        nodes("a", "b");
        plan();
        raised("a");
        applied("a", false);
        assertThat(plan().raise()).isEmpty();
        members.remove("a");
        assertThat(plan().raise()).containsExactly("b");
        raised("b");
        applied("b", true);
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aNodeThatFellSilentWhenItWasRaisedHalts() {
        nodes("a", "b");
        plan();
        raised("a");
        change("a", member -> with(member, false, false, NEW, OLD));
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void aNodeThatWasSickBeforeHaltsNothing() {
        nodes("a", "b");
        change("a", member -> with(member, true, false, null, OLD));
        plan();
        raised("a", "b");
        applied("a", false);
        applied("b", true);
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void whatFailsAfterTheRollOutIsNoPartOfIt() {
        nodes("a", "b");
        members.replaceAll((name, member) -> with(member, true, true, NEW, NEW));
        plan();
        applied("a", false);
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
        planner = new RolloutPlanner(NEW, plan().progress());
        now = now.plus(TIMEOUT);
        plan();
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).as("to a successor either").isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aSuccessorFindsTheHalt() {
        nodes("a", "b");
        halt("a");
        planner = new RolloutPlanner(NEW, plan().progress());
        change("a", member -> with(member, true, true, NEW, NEW));
        assertThat(plan().raise()).isEmpty();
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
        assertThat(plan(NEW + 1).raise()).containsExactly("a");
    }

    @Test
    void aSuccessorTakesWhoIsUnderWayForTheWorse() {
        nodes("a", "b", "c");
        change("a", member -> with(member, true, false, NEW, OLD));
        planner = new RolloutPlanner(NEW, null);
        assertThat(plan().raise()).isEmpty();
        now = now.plus(TIMEOUT);
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void whileItIsPausedNobodyIsRaisedAndNoTimePasses() {
        nodes("a", "b");
        plan();
        raised("a");
        now = now.plus(TIMEOUT).minusSeconds(1);
        RolloutPlan held = planner.hold(NEW, "paused", members.values(), now);
        assertThat(held.raise()).isEmpty();
        assertThat(held.progress())
                .isEqualTo(new Progress(State.ROLLING_OUT, "0 of 2 nodes have generation 2; waiting for a; paused"));
        now = now.plus(TIMEOUT).minusSeconds(1);
        assertThat(plan().progress().state()).isEqualTo(State.ROLLING_OUT);
        now = now.plusSeconds(1);
        assertThat(plan().progress().state()).isEqualTo(State.HALTED);
    }

    @Test
    void aNetworkWithoutNodesIsUpToDateAndOneWhoseNodesHaveNotJoinedIsNot() {
        assertThat(plan().progress().state()).isEqualTo(State.UP_TO_DATE);
        members.put("a", new Member("a", true, false, true, false, 0, null, 0));
        assertThat(plan(NEW + 1).raise()).isEmpty();
        assertThat(plan(NEW + 1).progress().state()).isEqualTo(State.ROLLING_OUT);
    }

    private void halt(String node) {
        change(node, member -> with(member, true, false, NEW, NEW));
        planner = new RolloutPlanner(NEW, null);
        plan();
        now = now.plus(TIMEOUT);
        plan();
    }

    private RolloutPlan plan() {
        return plan(NEW);
    }

    private RolloutPlan plan(long generation) {
        return planner.plan(generation, rollout, members.values(), now);
    }

    private void nodes(String... names) {
        Stream.of(names).forEach(name -> members.put(name, new Member(name, true, true, true, true, OLD, null, 0)));
        planner.plan(OLD, rollout, members.values(), now);
    }

    private void change(String node, UnaryOperator<Member> how) {
        members.computeIfPresent(node, (name, member) -> how.apply(member));
    }

    private void raised(String... nodes) {
        Set.of(nodes)
                .forEach(node -> change(
                        node,
                        member -> new Member(
                                node,
                                member.selected(),
                                member.joined(),
                                member.answers(),
                                member.ready(),
                                member.generation(),
                                NEW,
                                member.failing())));
    }

    private void applied(String node, boolean ready) {
        change(node, member -> with(member, true, ready, NEW, NEW));
    }

    private void left(String node) {
        members.put(node, new Member(node, false, false, true, false, 0, NEW, 0));
    }

    private static Member with(Member member, boolean answers, boolean ready, @Nullable Long ordered, long generation) {
        return new Member(
                member.node(), member.selected(), true, answers, ready, generation, ordered, member.failing());
    }

    private static Member unselected(Member member) {
        return new Member(
                member.node(),
                false,
                member.joined(),
                member.answers(),
                member.ready(),
                member.generation(),
                member.ordered(),
                member.failing());
    }

    private static Member failing(Member member, int failing) {
        return new Member(
                member.node(),
                member.selected(),
                member.joined(),
                member.answers(),
                member.ready(),
                member.generation(),
                member.ordered(),
                failing);
    }
}

package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.simulation.Operation.Answer;
import dev.flannelx.simulation.Operation.Claim;
import dev.flannelx.simulation.Operation.Freeing;
import dev.flannelx.simulation.Operation.HookEnd;
import dev.flannelx.simulation.Operation.Reboot;
import dev.flannelx.simulation.Operation.Rest;
import dev.flannelx.simulation.Recording.Recorded;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordingTest {
    @Test
    void oneNodeMayClaimItsSubnetOverAndOver() {
        assertThat(violations(at(1, 2, held("a")), at(3, 4, held("a")))).isEmpty();
    }

    @Test
    void twoNodesMayNotHaveOneSubnet() {
        assertThat(violations(at(1, 2, held("a")), at(3, 4, held("b"))))
                .singleElement()
                .asString()
                .contains("nobody freed it");
    }

    @Test
    void norMayTheyWhereTheirClaimsOverlap() {
        assertThat(violations(at(1, 4, held("a")), at(2, 3, held("b")))).hasSize(1);
    }

    @Test
    void aSubnetThatWasFreedInBetweenIsAnothers() {
        assertThat(violations(at(1, 2, held("a")), at(3, 4, freed()), at(5, 6, held("b"))))
                .isEmpty();
    }

    @Test
    void aFreeingThatWasNeverAnsweredMayHaveHappenedAtAnyTime() {
        assertThat(violations(at(1, 2, held("a")), at(3, Recorded.NEVER, freed()), at(50, 60, held("b"))))
                .isEmpty();
    }

    @Test
    void aFreeingFromBeforeDoesNotCount() {
        assertThat(violations(at(1, 2, freed()), at(3, 4, held("a")), at(5, 6, held("b"))))
                .hasSize(1);
    }

    @Test
    void whereClaimsOverlapItMayHaveBeenTheOtherWayRound() {
        assertThat(violations(at(1, 100, held("b")), at(3, 4, freed()), at(5, 6, held("a"))))
                .isEmpty();
    }

    @Test
    void aFreeingFromAfterwardsDoesNotCount() {
        assertThat(violations(at(3, 4, held("a")), at(5, 6, held("b")), at(7, 8, freed())))
                .hasSize(1);
    }

    @Test
    void aFreeingThatWasRefusedDoesNotCount() {
        assertThat(violations(at(1, 2, held("a")), at(3, 4, new Freeing("b", "s", false)), at(5, 6, held("b"))))
                .hasSize(1);
    }

    @Test
    void whoWasNotToldHasNothing() {
        assertThat(violations(
                        at(1, 2, held("a")),
                        at(3, 4, new Claim("b", "s", Answer.TAKEN)),
                        at(5, 6, new Claim("c", "s", Answer.LOST))))
                .isEmpty();
    }

    @Test
    void atRestEachNodeHasThePeersThatItShould() {
        Rest rest = new Rest(Map.of("a", Set.of("s data")));

        assertThat(violations(at(1, 1, added("old")), at(2, 2, added("data")), at(3, 3, rest)))
                .isEmpty();
        assertThat(violations(at(1, 1, added("old")), at(3, 3, rest)))
                .containsExactly("at rest a has [s old]: want [s data]");
        assertThat(violations(at(3, 3, rest))).containsExactly("at rest a has []: want [s data]");
    }

    @Test
    void atRestNoNodeHasMore() {
        Rest rest = new Rest(Map.of());

        assertThat(violations(at(1, 1, added("data")), at(3, 3, rest)))
                .containsExactly("at rest a has [s data]: want []");
        assertThat(violations(at(1, 1, added("data")), at(2, 2, hook(Hook.SUBNET_REMOVE, "data")), at(3, 3, rest)))
                .isEmpty();
        assertThat(violations(at(1, 1, added("data")), at(2, 2, hook(Hook.SHUTDOWN, "")), at(3, 3, rest)))
                .isEmpty();
        assertThat(violations(at(1, 1, added("data")), at(2, 2, new Reboot("a")), at(3, 3, rest)))
                .isEmpty();
    }

    @Test
    void aHookThatDidNothingChangesNothing() {
        var nothing = new HookEnd("a", Hook.SUBNET_ADD, "s", "data", false);

        assertThat(violations(at(1, 1, nothing), at(2, 2, new Rest(Map.of())))).isEmpty();
    }

    @Test
    void aNodeGivesUpOnlyItsOwn() {
        assertThat(violations(at(1, 2, held("a")), at(3, 4, new Freeing("a", "s", true))))
                .isEmpty();
        assertThat(violations(at(1, 2, held("a")), at(3, 4, new Freeing("b", "s", true))))
                .singleElement()
                .asString()
                .contains("nobody may free it so");
    }

    @Test
    void anOperatorTakesOnlyWhatANodeHasMoreThanOneOf() {
        var taken = new Freeing("operator", "s", true);
        var other = new Claim("a", "other", Answer.HELD);

        assertThat(violations(at(1, 2, held("a")), at(3, 4, other), at(5, 6, taken)))
                .isEmpty();
        assertThat(violations(at(1, 2, held("a")), at(3, 4, taken), at(5, 6, other)))
                .hasSize(1);
    }

    @Test
    void anOperationStaysUntilItsEnd() {
        var recording = new Recording();
        Recording.Begun claim = recording.begin(new Claim("a", "s", Answer.LOST));
        recording.add(new Reboot("a"));
        recording.restart(List.of(held("b")));
        claim.ended(held("a"));

        assertThat(recording.all()).extracting(Recorded::operation).containsExactly(held("a"), held("b"));
        recording.restart(List.of());
        assertThat(recording.all()).isEmpty();
    }

    private static List<String> violations(Recorded... recorded) {
        return Recording.violations(List.of(recorded));
    }

    private static Recorded at(long begun, long ended, Operation operation) {
        return new Recorded(begun, ended, operation);
    }

    private static Claim held(String node) {
        return new Claim(node, "s", Answer.HELD);
    }

    private static Freeing freed() {
        return new Freeing(Freeing.PERSON, "s", true);
    }

    private static HookEnd added(String data) {
        return hook(Hook.SUBNET_ADD, data);
    }

    private static HookEnd hook(Hook hook, String data) {
        return new HookEnd("a", hook, "s", data, true);
    }
}

package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkDecoder;
import dev.flannelx.network.Specs;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectiveRulesTest {
    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final String UID = "uid-1";
    private static final Network NETWORK = Specs.network("network: 10.50.0.0/16");
    private static final Network OF_WORKERS = Specs.network("network: 10.50.0.0/16\nnodeSelector: {role: worker}");

    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, NodeOrder> orders = new HashMap<>();
    private final Map<String, AppliedNetwork> applied = new HashMap<>();

    private Map<String, Directive> decide(SeenNetwork... networks) {
        return new DirectiveRules(labels, orders, applied, command -> true).decide(List.of(networks));
    }

    private static SeenNetwork seen(Network network) {
        return new SeenNetwork("demo", UID, 3, OLD, false, false, false, new Decoded.Valid(network));
    }

    private static SeenNetwork seen(boolean paused, boolean tearingDown, boolean deleted, Decoded decoded) {
        return new SeenNetwork("demo", UID, 3, OLD, paused, tearingDown, deleted, decoded);
    }

    private static SeenNetwork younger(String range) {
        Decoded decoded = NetworkDecoder.decode(
                "a-younger",
                Specs.yaml("{network: %s, backend: {type: extension, subnetAddCommand: add}}".formatted(range)));
        return new SeenNetwork("a-younger", "uid-2", 1, OLD.plusSeconds(1), false, false, false, decoded);
    }

    private static final SeenNetwork YOUNGER = younger("10.60.0.0/16");
    private static final Decoded INVALID = new Decoded.Invalid(List.of("network is missing"));

    @Test
    void aNodeThatHasNothingJoins() {
        assertThat(decide(seen(NETWORK))).isEqualTo(Map.of("demo", new Directive.Join(NETWORK, UID, 3, false)));
    }

    @Test
    void aChangedSpecIsPermittedByItsGeneration() {
        orders.put("demo", new NodeOrder(3L, null));
        assertThat(decide(seen(NETWORK))).isEqualTo(Map.of("demo", new Directive.Join(NETWORK, UID, 3, true)));
        orders.put("demo", new NodeOrder(2L, null));
        assertThat(decide(seen(NETWORK))).isEqualTo(Map.of("demo", new Directive.Join(NETWORK, UID, 3, false)));
    }

    @Test
    void aNodeThatTheSelectorNeverMatchedHasNothingToDoWithIt() {
        assertThat(decide(seen(OF_WORKERS))).isEmpty();
    }

    @Test
    void aNodeThatStopsMatchingTearsDown() {
        applied.put("demo", new AppliedNetwork(UID, OF_WORKERS));
        assertThat(decide(seen(OF_WORKERS))).isEqualTo(Map.of("demo", new Directive.TearDown()));
    }

    @Test
    void aSelectorThatChangesWaitsForItsTurn() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(decide(seen(OF_WORKERS))).isEqualTo(Map.of("demo", new Directive.Join(OF_WORKERS, UID, 3, false)));
        orders.put("demo", new NodeOrder(3L, null));
        assertThat(decide(seen(OF_WORKERS))).isEqualTo(Map.of("demo", new Directive.TearDown()));
    }

    @Test
    void theOperatorsWordTakesItDownEvenPausedOrInvalid() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(decide(seen(true, true, true, INVALID))).isEqualTo(Map.of("demo", new Directive.TearDown()));
    }

    @Test
    void aTeardownIsOfOneResourceNotOfItsSuccessorOfThatName() {
        applied.put("demo", new AppliedNetwork("uid-0", NETWORK));
        assertThat(decide(seen(NETWORK))).containsEntry("demo", new Directive.Join(NETWORK, UID, 3, false));
        orders.put("demo", new NodeOrder(null, "uid-0"));
        assertThat(decide(seen(NETWORK))).containsEntry("demo", new Directive.TearDown());
    }

    @Test
    void aNodeThatHasNothingOfADyingNetworkDoesNotBegin() {
        assertThat(decide(seen(false, false, true, new Decoded.Valid(NETWORK)))).isEmpty();
        assertThat(decide(seen(false, true, true, new Decoded.Valid(NETWORK)))).isEmpty();
    }

    @Test
    void aDeletionThatTheOperatorHasNotTakenUpChangesNothing() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(decide(seen(false, false, true, new Decoded.Valid(NETWORK))))
                .containsEntry("demo", new Directive.Join(NETWORK, UID, 3, false));
    }

    @Test
    void aResourceThatIsGoneIsNobodysWord() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(decide().get("demo"))
                .isInstanceOfSatisfying(
                        Directive.Hold.class, hold -> assertThat(hold.reason()).isEqualTo(DirectiveRules.NETWORK_GONE));
        orders.put("demo", new NodeOrder(null, UID));
        assertThat(decide()).isEqualTo(Map.of("demo", new Directive.TearDown()));
    }

    @Test
    void anInvalidNetworkKeepsWhatItHasAndSaysWhatIsWrong() {
        assertThat(decide(seen(false, false, false, INVALID)))
                .containsEntry(
                        "demo",
                        new Directive.Hold(Phase.REFUSED, DirectiveRules.INVALID_NETWORK, "network is missing"));
    }

    @Test
    void aPausedNetworkRunsNothing() {
        assertThat(decide(seen(true, false, false, new Decoded.Valid(NETWORK))).get("demo"))
                .isInstanceOfSatisfying(
                        Directive.Hold.class, hold -> assertThat(hold.phase()).isEqualTo(Phase.PAUSED));
    }

    @Test
    void theYoungerOfTwoThatOverlapStandsBack() {
        Map<String, Directive> directives = decide(younger("10.50.0.0/17"), seen(NETWORK));
        assertThat(directives.get("demo")).isInstanceOf(Directive.Join.class);
        assertThat(directives.get("a-younger"))
                .isEqualTo(new Directive.Hold(
                        Phase.REFUSED, DirectiveRules.OVERLAPS, "it overlaps the older network demo"));
    }

    @Test
    void aNetworkThatMayComeInSinceAnotherMakesNoSenseWaitsUntilThatIsGoneFromTheNode() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        Directive waits = new Directive.Hold(
                Phase.REFUSED, DirectiveRules.OVERLAPS, "it overlaps network demo, which still stands on this node");
        SeenNetwork other = younger("10.50.0.0/17");
        assertThat(decide(seen(false, false, false, INVALID), other)).containsEntry("a-younger", waits);
        assertThat(decide(other)).containsEntry("a-younger", waits);

        applied.remove("demo");
        assertThat(decide(seen(false, false, false, INVALID), other).get("a-younger"))
                .isInstanceOf(Directive.Join.class);
    }

    @Test
    void whatANodeHasAlreadyIsInNobodysWay() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        applied.put("a-younger", new AppliedNetwork("uid-2", Specs.named("a-younger", "network: 10.50.0.0/17")));
        assertThat(decide(seen(NETWORK)).get("demo")).isInstanceOf(Directive.Join.class);
    }

    @Test
    void whatIsNotListedIsRefused() {
        var rules = new DirectiveRules(labels, orders, applied, command -> !command.equals("add"));
        Directive refused = rules.decide(List.of(seen(NETWORK))).get("demo");
        assertThat(refused)
                .isEqualTo(new Directive.Hold(
                        Phase.REFUSED,
                        DirectiveRules.COMMAND_NOT_ALLOWED,
                        "subnetAddCommand: not among the commands that may run on this node"));
    }

    private Set<String> unrelated(SeenNetwork... networks) {
        return new DirectiveRules(labels, orders, applied, command -> true).unrelated(List.of(networks));
    }

    @Test
    void whatDoesNotSelectANodeThatHasNothingOfItIsNoneOfItsBusiness() {
        assertThat(unrelated(seen(NETWORK))).isEmpty();
        assertThat(unrelated(seen(OF_WORKERS))).containsExactly("demo");
        assertThat(unrelated(seen(true, false, true, new Decoded.Valid(OF_WORKERS))))
                .as("paused, and about to be deleted")
                .containsExactly("demo");
        labels.put("role", "worker");
        assertThat(unrelated(seen(OF_WORKERS))).isEmpty();
    }

    @Test
    void whatANodeHoldsIsItsBusinessUntilItIsTakenDown() {
        applied.put("demo", new AppliedNetwork(UID, OF_WORKERS));
        orders.put("demo", new NodeOrder(3L, UID));
        assertThat(unrelated(seen(OF_WORKERS))).isEmpty();
        assertThat(unrelated(seen(true, true, true, new Decoded.Valid(OF_WORKERS))))
                .isEmpty();
        assertThat(unrelated()).isEmpty();
    }

    @Test
    void whatIsTakenDownIsNoneOfTheBusinessOfANodeThatHasNothingOfIt() {
        assertThat(unrelated(seen(false, false, true, new Decoded.Valid(NETWORK))))
                .as("nobody said to take it down")
                .isEmpty();
        assertThat(unrelated(seen(false, true, true, new Decoded.Valid(NETWORK))))
                .containsExactly("demo");
        assertThat(unrelated(seen(false, true, true, INVALID))).containsExactly("demo");
        orders.put("demo", new NodeOrder(null, UID));
        assertThat(unrelated()).as("it is gone by now").containsExactly("demo");
    }

    @Test
    void aNetworkThatMakesNoSenseOrHasASuccessorIsNotLeftForThat() {
        assertThat(unrelated()).isEmpty();
        assertThat(unrelated(seen(false, false, false, INVALID))).isEmpty();
        orders.put("demo", new NodeOrder(null, "uid-0"));
        assertThat(unrelated(seen(NETWORK))).isEmpty();
        assertThat(unrelated(seen(false, false, false, INVALID))).isEmpty();
    }

    private Optional<String> primary(@Nullable String chosen, @Nullable String current, SeenNetwork... networks) {
        var rules = new DirectiveRules(labels, orders, applied, command -> true);
        return rules.primary(chosen, current, List.of(networks), rules.decide(List.of(networks)));
    }

    @Test
    void theOldestOfWhatIsJoinedSpeaksForTheNode() {
        assertThat(primary(null, null, YOUNGER, seen(NETWORK))).contains("demo");
        assertThat(primary(null, "a-younger", YOUNGER, seen(NETWORK))).contains("demo");
        assertThat(primary(null, null, YOUNGER, seen(OF_WORKERS))).contains("a-younger");
        assertThat(primary(null, null)).isEmpty();
    }

    @Test
    void theOneThatAPersonChoseSpeaksForTheNodeEvenBeforeItIsThere() {
        assertThat(primary("mine", "demo", YOUNGER, seen(NETWORK))).contains("mine");
    }

    @Test
    void pausingANetworkThatIsUpGivesItsPlaceToNoOther() {
        SeenNetwork paused = seen(true, false, false, new Decoded.Valid(NETWORK));
        assertThat(primary(null, null, YOUNGER, paused)).contains("a-younger");
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(primary(null, null, YOUNGER, paused)).contains("demo");
    }

    @Test
    void whatIsTakenDownGivesItsPlaceAway() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        orders.put("demo", new NodeOrder(null, UID));
        assertThat(primary(null, "demo", YOUNGER, seen(NETWORK))).contains("a-younger");
    }

    @Test
    void aNetworkWhoseResourceIsGoneKeepsItsPlace() {
        applied.put("demo", new AppliedNetwork(UID, NETWORK));
        assertThat(primary(null, "demo")).contains("demo");
        assertThat(primary(null, "demo", YOUNGER)).contains("demo");
        assertThat(primary(null, null)).isEmpty();
    }
}

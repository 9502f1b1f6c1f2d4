package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes make of a network that changes. The test writes what the operator would. */
class AgentChangesIT {
    @TempDir
    private Path folder;

    private Fleet fleet;
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
        fleet.create(fleet.usual());
        a = fleet.join("a");
        b = fleet.join("b");
        fleet.awaitSettled(a, b);
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        fleet.close();
    }

    @Test
    void anotherAddCommandReplacesPeersOnceTheOperatorSaysSo() throws Exception {
        List<String> before = fleet.hooks(b);
        long generation = fleet.change(
                fleet.usual().replace("\"add ", "\"another add ").replace("\"remove ", "\"another remove "));

        // A node without a journal takes the spec as it is, and the others go on with what they have.
        TestNode c = fleet.join("c");
        fleet.awaitSettled(a, b, c);
        assertThat(fleet.hooks(c)).contains("another " + fleet.addOf(a));
        assertThat(fleet.hooks(a)).last().isEqualTo(fleet.addOf(c));

        fleet.order(a, generation);
        Fleet.await().until(() -> hasMovedTo(generation, a) && a.isSettled(fleet.network(), 2));
        assertThat(fleet.hooks(a))
                .as("each peer is taken out as it was put in")
                .containsSubsequence("remove " + subnetOf(b), "another " + fleet.addOf(b))
                .containsSubsequence("remove " + subnetOf(c), "another " + fleet.addOf(c))
                .filteredOn(line -> line.contains("tartup"))
                .hasSize(2);
        assertThat(b.status(fleet.network()).orElseThrow().generation()).isEqualTo(1);
        assertThat(fleet.hooks(b))
                .startsWith(before.toArray(String[]::new))
                .last()
                .isEqualTo(fleet.addOf(c));
    }

    @Test
    void anotherStartupBeginsWithATeardownByTheOldCommands() throws Exception {
        int third = fleet.third(a);
        long generation = fleet.change(fleet.usual().replace("\"postStartup ", "\"another postStartup "));
        List<String> before = fleet.hooks(a);
        fleet.order(a, generation);

        Fleet.await().until(() -> hasMovedTo(generation, a) && a.isSettled(fleet.network(), 1));
        List<String> hooks = fleet.hooks(a);
        assertThat(hooks.subList(before.size(), hooks.size()))
                .containsExactly(
                        "remove " + subnetOf(b),
                        "shutdown",
                        "preStartup",
                        "another postStartup " + subnetOf(a),
                        fleet.addOf(b));
        assertThat(fleet.third(a)).isEqualTo(third);
        fleet.awaitSettled(a, b);
    }

    @Test
    void whatIsTakenBackBeforeANodeHeardOfItRunsNothingThere() throws Exception {
        List<String> before = fleet.hooks(a);
        fleet.change(fleet.usual().replace("\"postStartup ", "\"another postStartup "));
        long generation = fleet.change(fleet.usual());
        fleet.order(a, generation);

        Fleet.await().until(() -> hasMovedTo(generation, a));
        fleet.awaitSettled(a, b);
        assertThat(fleet.hooks(a)).isEqualTo(before);
    }

    @Test
    void aNodeThatIsNoLongerSelectedStaysUntilTheOperatorSaysSo() throws Exception {
        List<String> before = fleet.hooks(b);
        long generation = fleet.change(fleet.usual().replace("it: " + fleet.network(), "it: another"));
        TestNode c = fleet.node("c");
        fleet.label(c, "another");
        c.start();
        // So that both have seen the change.
        fleet.awaitSettled(a, b, c);
        int third = fleet.third(b);
        assertThat(fleet.hooks(b))
                .startsWith(before.toArray(String[]::new))
                .last()
                .isEqualTo(fleet.addOf(c));

        fleet.order(b, generation);
        Fleet.await().until(() -> b.agent().statuses().isEmpty());
        assertThat(fleet.lease(third)).isEmpty();
        assertThat(fleet.hooks(b)).last().isEqualTo("shutdown");
        fleet.awaitSettled(a, c);
        assertThat(fleet.hooks(a)).last().isEqualTo("remove " + fleet.subnet(third));
    }

    private boolean hasMovedTo(long generation, TestNode node) {
        return node.status(fleet.network())
                .filter(status -> status.generation() == generation)
                .isPresent();
    }

    private String subnetOf(TestNode node) {
        return fleet.subnet(fleet.third(node));
    }
}

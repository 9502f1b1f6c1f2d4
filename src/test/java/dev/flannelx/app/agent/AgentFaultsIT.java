package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.ApiServer;
import dev.flannelx.kube.fault.FaultProxy;
import dev.flannelx.kube.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are killed or told to end at a bad moment, that are two, or that nobody answers. */
class AgentFaultsIT {
    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
    }

    @AfterEach
    void dismiss() throws Exception {
        Files.deleteIfExists(hang());
        fleet.close();
    }

    @Test
    void anAgentThatIsKilledInTheMiddleOfAHookLeavesNothingThatTheNextDoesNotMend() throws Exception {
        fleet.create(hanging());
        TestNode b = fleet.join("b");
        TestNode a = fleet.node("a");
        Files.createFile(hang());
        Process killed = AgentProgram.start(a, fleet.token("a"));
        long survivor;
        try {
            survivor = awaitBegun(a, 1);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(isAlive(survivor)).as("the hook has outlived its agent").isTrue();

        a.start();
        awaitBegun(a, 2);
        assertThat(isAlive(survivor)).as("it was ended before another began").isFalse();
        Files.delete(hang());
        fleet.awaitSettled(a, b);
        assertThat(hooksWithoutProcesses(a))
                .containsExactly(
                        "preStartup",
                        "postStartup " + fleet.subnet(fleet.third(a)),
                        "begin",
                        "remove " + fleet.subnet(fleet.third(b)),
                        "begin",
                        fleet.addOf(b));
    }

    @Test
    void aSecondAgentNamesTheProcessOfTheFirstAndTakesOverWhenThatIsKilled() throws Exception {
        fleet.create(fleet.usual());
        TestNode b = fleet.join("b");
        TestNode a = fleet.node("a");
        Process first = AgentProgram.start(a, fleet.token("a"));
        List<String> before;
        try {
            Fleet.await().until(() -> b.isSettled(fleet.network(), 1));
            Fleet.await().until(() -> fleet.hooks(a).size() == 3);
            a.start();
            Fleet.await().until(() -> a.agent().readiness().missing().getFirst().contains("process " + first.pid()));
            assertThat(a.agent().statuses()).isEmpty();
            before = fleet.hooks(a);
        } finally {
            first.destroyForcibly().waitFor();
        }
        fleet.awaitSettled(a, b);
        assertThat(fleet.hooks(a)).isEqualTo(before);
    }

    @Test
    void anAgentThatIsToldToEndLetsItsHookFinish() throws Exception {
        fleet.create(hanging());
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> b.isSettled(fleet.network(), 0));
        TestNode a = fleet.node("a");
        choose(a, Duration.ofMinutes(5));
        Files.createFile(hang());
        a.start();
        awaitBegun(a, 1);

        CompletableFuture<Void> stopped = stop(a);
        Files.delete(hang());
        stopped.get(5, TimeUnit.MINUTES);
        List<String> before = fleet.hooks(a);
        assertThat(before).last().isEqualTo(fleet.addOf(b));
        a.start();
        fleet.awaitSettled(a, b);
        assertThat(fleet.hooks(a)).isEqualTo(before);
    }

    @Test
    void aHookThatDoesNotFinishWithinTheGraceIsEndedAndMendedByTheNextAgent() throws Exception {
        fleet.create(hanging());
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> b.isSettled(fleet.network(), 0));
        TestNode a = fleet.node("a");
        choose(a, Duration.ofMillis(100));
        Files.createFile(hang());
        a.start();
        long hook = awaitBegun(a, 1);

        stop(a).get(5, TimeUnit.MINUTES);
        Fleet.await().until(() -> !isAlive(hook));
        Files.delete(hang());
        assertThat(hooksWithoutProcesses(a)).as("what was built stays").last().isEqualTo("begin");
        assertThat(a.subnetEnv()).exists();
        a.start();
        fleet.awaitSettled(a, b);
        assertThat(hooksWithoutProcesses(a))
                .endsWith("begin", "remove " + fleet.subnet(fleet.third(b)), "begin", fleet.addOf(b))
                .containsOnlyOnce("preStartup");
    }

    @Test
    void anAgentStartsWithTheApiServerAwayAndCatchesUp() throws Exception {
        fleet.create(fleet.usual());
        try (var proxy = new FaultProxy(ApiServer.shared().url(), Faults.AWAY)) {
            TestNode a = fleet.node("a", proxy.url());
            a.start();
            Fleet.await().until(() -> a.agent().readiness().missing().getFirst().contains("not been seen yet"));
            proxy.faults(Faults.NONE);
            TestNode b = fleet.join("b");
            fleet.awaitSettled(a, b);
            List<String> before = fleet.hooks(a);
            String gone = "remove " + fleet.subnet(fleet.third(b));

            a.stop();
            proxy.faults(Faults.AWAY);
            proxy.cut();
            a.start();
            fleet.label(b, "another");
            Fleet.await().until(() -> b.agent().statuses().isEmpty());
            TestNode c = fleet.join("c");
            Fleet.await().until(() -> c.isSettled(fleet.network(), 1));
            assertThat(a.isReady()).isFalse();
            assertThat(fleet.hooks(a)).as("the data plane stays as it is").isEqualTo(before);
            assertThat(a.subnetEnv()).exists();

            proxy.faults(Faults.NONE);
            fleet.awaitSettled(a, c);
            List<String> hooks = fleet.hooks(a);
            assertThat(hooks.subList(before.size(), hooks.size())).containsExactlyInAnyOrder(gone, fleet.addOf(c));
            a.close();
        }
    }

    /** Adds say that they begin, and then wait as long as there is a file. */
    private String hanging() {
        return fleet.usual()
                .replace("  mtu: 1400", "  mtu: 1400\n  timeout: 10m")
                .replace(
                        "echo \"add ",
                        "echo \"begin $$\" >> %s/$LOCAL_NODE; while test -e %s; do sleep 0.1; done; echo \"add "
                                .formatted(fleet.log(), hang()));
    }

    private Path hang() {
        return fleet.log().resolve("hang");
    }

    /** Waits for the add that begins as the so manieth, and returns its process. */
    private long awaitBegun(TestNode node, int count) {
        return Fleet.await()
                .until(
                        () -> fleet.hooks(node).stream()
                                .filter(line -> line.startsWith("begin "))
                                .toList(),
                        begun -> begun.size() == count)
                .stream()
                .mapToLong(line -> Long.parseLong(line.substring("begin ".length())))
                .reduce(0, (_, last) -> last);
    }

    private List<String> hooksWithoutProcesses(TestNode node) throws IOException {
        return fleet.hooks(node).stream()
                .map(line -> line.startsWith("begin ") ? "begin" : line)
                .toList();
    }

    /** A process that has ended and that nobody has asked about yet has no command line any more. */
    private static boolean isAlive(long process) {
        try {
            return Files.readAllBytes(Path.of("/proc/" + process + "/cmdline")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void choose(TestNode node, Duration grace) {
        node.choose(new AgentSettings.Choices(node.address(), null, null, false, false, grace));
    }

    private static CompletableFuture<Void> stop(TestNode node) {
        return CompletableFuture.runAsync(() -> {
            try {
                node.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}

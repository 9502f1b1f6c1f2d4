package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.flannelx.host.AgentLock.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With agents that are processes of their own. */
class AgentLockIT {
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Path run() {
        return directory.resolve("run");
    }

    private static AgentLock taken(Path directory) throws IOException {
        return switch (AgentLock.tryTake(directory, "node1", SINCE)) {
            case Attempt.Taken(AgentLock lock) -> lock;
            case Attempt.Denied(String holder) -> fail("held by " + holder);
        };
    }

    private static String denied(Path directory) throws IOException {
        return switch (AgentLock.tryTake(directory, "node2", SINCE)) {
            case Attempt.Taken _ -> fail("taken, though it is held");
            case Attempt.Denied(String holder) -> holder;
        };
    }

    /** Takes the lock and keeps it until it is killed: the main class of another process. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Attempt attempt = AgentLock.tryTake(Path.of(arguments[0]), "other", SINCE);
            System.out.println(attempt instanceof Attempt.Taken ? "taken" : attempt);
            while (System.in.read() >= 0) {
                // It ends with this test.
            }
        }
    }

    private Process otherAgent() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        run().toString())
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void theSecondAgentLearnsWhoTheFirstIs() throws Exception {
        Process other = otherAgent();
        try (var output = other.inputReader()) {
            assertThat(output.readLine()).isEqualTo("taken");
            assertThat(denied(run()))
                    .isEqualTo("the agent of node other, process " + other.pid() + " since 2026-01-02T03:04:05Z");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void anAgentThatIsKilledHoldsItNoLonger() throws Exception {
        Process other = otherAgent();
        try (var output = other.inputReader()) {
            assertThat(output.readLine()).isEqualTo("taken");
            other.destroyForcibly();
            await().atMost(PATIENCE)
                    .until(() ->
                            AgentLock.tryTake(run(), "node1", SINCE) instanceof Attempt.Taken taken && close(taken));
        } finally {
            other.destroyForcibly();
        }
    }

    private static boolean close(Attempt.Taken taken) throws IOException {
        taken.lock().close();
        return true;
    }

    @Test
    void anAttemptInTheSameProcessIsDeniedAndDoesNotFreeIt() throws Exception {
        try (AgentLock _ = taken(run())) {
            assertThat(denied(run())).startsWith("the agent of node node1, process ");
            Path link = Files.createSymbolicLink(directory.resolve("link"), run());
            assertThat(denied(link)).startsWith("the agent of node node1, process ");
            Process other = otherAgent();
            try (var output = other.inputReader()) {
                assertThat(output.readLine()).startsWith("Denied[holder=the agent of node node1, process ");
            } finally {
                other.destroyForcibly();
            }
        }
    }

    @Test
    void agentsOfSeveralDirectoriesLiveInOneProcess() throws IOException {
        try (AgentLock _ = taken(run());
                AgentLock _ = taken(directory.resolve("another"))) {
            assertThat(List.of(denied(run()), denied(directory.resolve("another"))))
                    .allMatch(holder -> holder.startsWith("the agent of node node1"));
        }
    }

    @Test
    void canBeTakenAgainOnceItIsGivenBack() throws IOException {
        AgentLock first = taken(run());
        first.close();
        try (AgentLock _ = taken(run())) {
            first.close();
            assertThat(denied(run())).startsWith("the agent of node node1");
        }
    }
}

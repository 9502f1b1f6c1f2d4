package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.reconcile.HookRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner against a real shell, with everything that a hook can do wrong, however the shell is started. */
abstract class HookRunnerContract {
    static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private ShellHookRunner runner;

    /** What starts the shells, in a directory that is there. */
    abstract ShellLauncher launcher(Path directory, List<String> prefix) throws IOException;

    ShellHookRunner runner() {
        return runner;
    }

    private ShellHookRunner newRunner(List<String> prefix) throws IOException {
        Path hooks = ShellHookRunner.makePrivate(directory.resolve("hooks"));
        ShellLauncher launcher = ShellHookRunner.makingDirectory(hooks, launcher(hooks, prefix));
        return new ShellHookRunner(HookRun.checkPrefix("demo", "node1"), launcher);
    }

    @BeforeEach
    void makeRunner() throws IOException {
        runner = newRunner(List.of());
    }

    static HookRun hook(String command, Duration timeout) {
        return hook(Hook.SUBNET_ADD, command, "data\n", timeout);
    }

    private static HookRun hook(Hook hook, String command, String stdin, Duration timeout) {
        String id = HookRun.newId(hook, "demo", "node1", RandomGenerator.getDefault());
        return new HookRun(id, hook, command, Map.of("SUBNET", "10.50.7.0/24"), stdin, timeout);
    }

    private static HookRun check(String network, String node) {
        String id = HookRun.newId(Hook.SUBNET_CHECK, network, node, RandomGenerator.getDefault());
        return new HookRun(id, Hook.SUBNET_CHECK, "sleep 1000 &", Map.of(), "\n", LONG);
    }

    String stdout(String command) {
        return stdout(hook(command, LONG));
    }

    private String stdout(HookRun run) {
        return switch (runner.run(run)) {
            case HookOutcome.Succeeded(String stdout, String _, Duration _) -> stdout;
            case HookOutcome other -> throw new AssertionError(other);
        };
    }

    @Test
    void givesTheAgentsVariablesToo() {
        assertThat(System.getenv()).containsKeys("HOME", "PATH");
        assertThat(stdout("echo \"$HOME $PATH $SUBNET\""))
                .isEqualTo("%s %s 10.50.7.0/24".formatted(System.getenv("HOME"), System.getenv("PATH")));
    }

    @Test
    void givesItsOwnVariablesInPlaceOfTheAgents() {
        var run = new HookRun(
                "own", Hook.SUBNET_ADD, "env | grep ^HOME=; echo \"$PATH\"", Map.of("HOME", "/node1"), "\n", LONG);
        assertThat(stdout(run)).isEqualTo("HOME=/node1\n" + System.getenv("PATH"));
    }

    @Test
    void givesVariablesAndStdin() {
        assertThat(stdout("read DATA; echo \"$SUBNET $DATA\"; echo; echo")).isEqualTo("10.50.7.0/24 data");
    }

    @Test
    void givesOneNewlineWhereThereIsNoData() {
        var run = new HookRun("no-data", Hook.SUBNET_ADD, "wc -lc | tr -s ' '", Map.of(), "\n", LONG);
        assertThat(stdout(run).strip()).isEqualTo("1 1");
    }

    @Test
    void keepsFilesPrivateInItsOwnDirectory() throws IOException {
        stdout("echo secret > key");
        try (Stream<Path> files = Files.list(directory.resolve("hooks"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("key");
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("hooks/key")))
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE");
    }

    @Test
    void othersSeeWhereItIsAndNothingInIt() throws IOException {
        Path hooks = ShellHookRunner.makePrivate(directory.resolve("network/hooks"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("network"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hooks)))
                .isEqualTo("rwx------");
    }

    @Test
    void startsAgainWhenAnotherThreadMadeTheDirectoryMeanwhile() throws IOException {
        Path hooks = directory.resolve("hooks");
        Files.delete(hooks);
        ShellLauncher real = launcher(hooks, List.of());
        ShellLauncher late = ShellHookRunner.makingDirectory(hooks, run -> {
            try {
                return real.start(run);
            } catch (IOException e) {
                ShellHookRunner.makePrivate(hooks);
                throw e;
            }
        });
        runner = new ShellHookRunner(HookRun.checkPrefix("demo", "node1"), late);
        assertThat(stdout("pwd")).isEqualTo(hooks.toString());
    }

    @Test
    void makesItsDirectoryAgainWhenItIsGone() throws IOException {
        Path hooks = directory.resolve("hooks");
        Files.delete(hooks);
        stdout("echo secret > key");
        assertThat(hooks.resolve("key")).hasContent("secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hooks)))
                .isEqualTo("rwx------");
    }

    @Test
    void tellsExitCodes() {
        assertThat(runner.run(hook("echo why >&2; exit 7", LONG)))
                .isInstanceOfSatisfying(HookOutcome.Exited.class, exited -> {
                    assertThat(exited.code()).isEqualTo(7);
                    assertThat(exited.stderr()).isEqualTo("why\n");
                });
        assertThat(runner.run(hook("if", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.Exited.class,
                        exited -> assertThat(exited.code()).isEqualTo(2));
        assertThat(runner.run(hook("no-such-command", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.Exited.class,
                        exited -> assertThat(exited.code()).isEqualTo(127));
    }

    @Test
    void tellsASignal() {
        assertThat(runner.run(hook("kill -9 $$", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.Signalled.class,
                        signalled -> assertThat(signalled.signal()).isEqualTo(9));
    }

    @Test
    void doesNotMindAHookThatIgnoresOrClosesItsStdin() {
        String large = "x".repeat(100_000) + "\n";
        for (int i = 0; i < 100; i++) {
            assertThat(runner.run(hook(Hook.SUBNET_ADD, "true", large, LONG)).succeeded())
                    .isTrue();
            assertThat(runner.run(hook(Hook.SUBNET_ADD, "exec <&-; true", large, LONG))
                            .succeeded())
                    .isTrue();
        }
    }

    @Test
    void readsAGigabyteOfOutputAndKeepsLittle() {
        HookOutcome outcome = runner.run(hook(
                "head -c 1000000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero | tr '\\0' e >&2; echo end >&2",
                LONG));
        assertThat(outcome).isInstanceOfSatisfying(HookOutcome.Succeeded.class, succeeded -> {
            assertThat(succeeded.stdout()).hasSize(Output.KEPT_BYTES);
            assertThat(succeeded.stderr()).hasSize(Output.KEPT_BYTES).endsWith("end\n");
        });
    }

    @Test
    void doesNotWaitForADaemonThatHoldsItsOutput() throws IOException {
        HookOutcome outcome = runner.run(hook("sleep 1000 & echo $! > daemon; echo done", LONG));
        int daemon = Integer.parseInt(
                Files.readString(directory.resolve("hooks/daemon")).strip());
        try {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            HookOutcome.Succeeded.class,
                            succeeded -> assertThat(succeeded.stdout()).isEqualTo("done"));
            assertThat(ProcessHandle.of(daemon))
                    .as("what a hook leaves running stays running")
                    .isPresent();
        } finally {
            ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void whatItLeavesRunningMayGoOnWriting() throws IOException {
        Path hooks = directory.resolve("hooks");
        HookRun run = hook(
                "sh -c 'until test -e over; do sleep 0.01; done; head -c 1000000 /dev/zero; echo line >&2; echo > wrote;"
                        + " exec sleep 1000' &",
                LONG);
        assertThat(runner.run(run).succeeded()).isTrue();
        try {
            Files.createFile(hooks.resolve("over"));
            Awaitility.await().until(() -> Files.exists(hooks.resolve("wrote")));
            // Between two programs a process has no environment to be found by.
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(HookProcesses.find(run.id()::equals)).hasSize(1));
        } finally {
            var _ = HookProcesses.end(run.id()::equals, Duration.ZERO);
        }
    }

    @Test
    void closesWhatWasLeftRunningWroteToOnceThatHasEnded() throws IOException {
        runner.run(hook("true", LONG));
        long before = descriptors();
        List<HookRun> runs =
                IntStream.range(0, 20).mapToObj(_ -> hook("sleep 1000 &", LONG)).toList();
        try {
            runs.forEach(runner::run);
            assertThat(descriptors()).isGreaterThanOrEqualTo(before + runs.size());
        } finally {
            runs.forEach(run -> HookProcesses.end(run.id()::equals, Duration.ZERO));
        }
        Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2));
    }

    @Test
    void endsTheWholeTreeAtTheTimeout() {
        HookRun run = hook(
                "trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 1000; sleep 1000' & (sleep 1000; sleep 1000) & sleep 1000; sleep 1000",
                Duration.ofMillis(300));
        HookOutcome outcome = runner.run(run);
        assertThat(outcome).isInstanceOf(HookOutcome.TimedOut.class);
        assertThat(HookProcesses.find(run.id()::equals)).isEmpty();
    }

    @Test
    void saysThatThereIsNoShell() throws IOException {
        ShellHookRunner lost = newRunner(List.of("/no/such/program"));
        assertThat(lost.run(hook("true", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.NotStarted.class,
                        failure -> assertThat(failure.message()).contains("/no/such/program"));
    }

    @Test
    void refusesDataThatIsNone() {
        assertThat(runner.run(hook(Hook.PRE_STARTUP, "printf 'a\\001b'", "\n", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.BadOutput.class,
                        bad -> assertThat(bad.message()).contains("U+0001").contains("offset 1"));
        assertThat(runner.run(hook(Hook.PRE_STARTUP, "head -c 4097 /dev/zero | tr '\\0' x", "\n", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.BadOutput.class,
                        bad -> assertThat(bad.message()).contains("4097"));
        assertThat(runner.run(hook(Hook.PRE_STARTUP, "head -c 4096 /dev/zero | tr '\\0' x; echo", "\n", LONG))
                        .succeeded())
                .isTrue();
    }

    @Test
    void leaksNoDescriptor() throws IOException {
        runner.run(hook("true", LONG));
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            runner.run(hook("true", LONG));
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void runsSeveralAtOnce() throws Exception {
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> calls = new ArrayList<>();
            IntStream.range(0, 200).forEach(number -> calls.add(() -> stdout("echo " + number)));
            List<Future<String>> results = pool.invokeAll(calls);
            for (int number = 0; number < results.size(); number++) {
                assertThat(results.get(number).get()).isEqualTo(String.valueOf(number));
            }
        }
    }

    @Test
    void endsWhatAnEarlierAgentLeft() {
        HookRun left = hook("sleep 1000 &", LONG);
        HookRun check = check("demo", "node1");
        HookRun daemon = hook("sleep 1000 &", LONG);
        HookRun checkOfAnotherNetwork = check("demo-2", "node1");
        HookRun checkOfAnotherNode = check("demo", "node12");
        List<HookRun> others = List.of(daemon, checkOfAnotherNetwork, checkOfAnotherNode);
        Stream.concat(Stream.of(left, check), others.stream()).forEach(runner::run);
        try {
            runner.endSurvivors(Set.of(left.id()));
            assertThat(HookProcesses.find(left.id()::equals)).isEmpty();
            assertThat(HookProcesses.find(check.id()::equals)).isEmpty();
            assertThat(others)
                    .allSatisfy(other ->
                            assertThat(HookProcesses.find(other.id()::equals)).hasSize(1));
        } finally {
            others.forEach(other -> HookProcesses.end(other.id()::equals, Duration.ZERO));
        }
    }

    @Test
    void stopEndsWhatAHookStartedAndCannotBeAsked() throws Exception {
        HookRun run = hook("setsid sh -c 'trap \"\" TERM; echo > up; sleep 1000; sleep 1000' & sleep 1000", LONG);
        try (var pool = Executors.newSingleThreadExecutor()) {
            Future<HookOutcome> outcome = pool.submit(() -> runner.run(run));
            Awaitility.await().until(() -> Files.exists(directory.resolve("hooks/up")));
            runner.stop(Duration.ZERO);
            assertThat(outcome.get()).isInstanceOf(HookOutcome.Signalled.class);
            assertThat(HookProcesses.find(run.id()::equals)).isEmpty();
        }
    }

    @Test
    void givesUpAShellThatDoesNotEvenEndWhenKilled() {
        var stuck = new StuckShell();
        var given = new ShellHookRunner(HookRun.checkPrefix("demo", "node1"), run -> stuck);
        assertThat(given.run(hook("ip link del eth0", Duration.ofMillis(10)))).isInstanceOf(HookOutcome.TimedOut.class);
        assertThat(stuck.calls).containsExactly("terminate", "kill", "close");
    }

    /** One that the kernel does something for, and that for ever. */
    private static final class StuckShell implements ShellProcess {
        private final List<String> calls = new ArrayList<>();

        @Override
        public boolean await(Duration longest) {
            return false;
        }

        @Override
        public ExitStatus status() {
            throw new AssertionError("it has not ended");
        }

        @Override
        public String stdout() {
            return "";
        }

        @Override
        public String stderr() {
            return "";
        }

        @Override
        public void terminate() {
            calls.add("terminate");
        }

        @Override
        public void kill() {
            calls.add("kill");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @Test
    void killsWhatIsClosedBeforeItHasEnded() throws IOException {
        HookRun run = hook("sleep 1000", LONG);
        launcher(directory.resolve("hooks"), List.of()).start(run).close();
        Awaitility.await().until(() -> HookProcesses.find(run.id()::equals).isEmpty());
        Awaitility.await().untilAsserted(() -> assertThat(zombies()).isEmpty());
    }

    private static List<Long> zombies() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().isEmpty())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Test
    void saysWhichProcessesDoNotEnd() throws IOException {
        Process process = new ProcessBuilder("sleep", "1000").start();
        List<ProcessHandle> stuck = List.of(process.toHandle());
        assertThat(HookProcesses.end(() -> stuck, Duration.ZERO, Duration.ofMillis(50)))
                .isEqualTo(stuck);
        assertThat(process.onExit()).succeedsWithin(LONG);
    }

    @Test
    void killEndsWhatIsUnderWay() throws Exception {
        HookRun run = hook("sleep 1000", LONG);
        try (var pool = Executors.newSingleThreadExecutor()) {
            Future<HookOutcome> outcome = pool.submit(() -> runner.run(run));
            Awaitility.await().until(() -> !HookProcesses.find(run.id()::equals).isEmpty());
            runner.kill();
            assertThat(outcome.get()).isInstanceOf(HookOutcome.Signalled.class);
        }
        assertThat(runner.run(run)).isInstanceOf(HookOutcome.NotStarted.class);
    }
}

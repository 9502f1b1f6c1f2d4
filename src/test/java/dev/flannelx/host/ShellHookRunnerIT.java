package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.HookOutcome;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shells started by posix_spawn, as on any machine with a recent glibc. */
class ShellHookRunnerIT extends HookRunnerContract {
    @Override
    ShellLauncher launcher(Path directory, List<String> prefix) throws IOException {
        assertThat(SpawnLauncher.isPossible()).isTrue();
        return new SpawnLauncher(directory.toString(), prefix);
    }

    @Test
    void hasTheShellsOwnPid() {
        assertThat(stdout("echo $$; cut -d' ' -f1 /proc/self/stat >/dev/null; ps -o pgid= -p $$ | tr -d ' '"))
                .satisfies(text -> assertThat(text.lines().distinct()).hasSize(1));
    }

    /** One that asked at its agent's for something would be stopped. */
    @Test
    void hasNoTerminalThoughItsAgentHas(@TempDir Path directory) throws Exception {
        List<Long> told = terminalsAndSessions("script -qec \"$0\" /dev/null", directory);
        assertThat(told.getFirst()).isPositive();
        assertThat(told.get(1)).isZero();
    }

    @Test
    void isInItsAgentsSessionWhereThatHasNoTerminal(@TempDir Path directory) throws Exception {
        List<Long> told = terminalsAndSessions("exec setsid -w sh -c \"exec $0\"", directory);
        assertThat(told.subList(0, 2)).containsOnly(0L);
        assertThat(told.get(2)).isEqualTo(told.getLast());
    }

    /** What {@link SessionHook} prints, run by a command that has its own as {@code $0}. */
    private static List<Long> terminalsAndSessions(String command, Path directory) throws Exception {
        String program = "'%s/bin/java' --enable-native-access=ALL-UNNAMED -cp '%s' %s '%s'"
                .formatted(
                        System.getProperty("java.home"),
                        System.getProperty("java.class.path"),
                        SessionHook.class.getName(),
                        directory);
        Process process = new ProcessBuilder("sh", "-c", command, program)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor()).as(lines.toString()).isZero();
        return Stream.of(lines.getLast().strip().split(" ", -1))
                .map(Long::valueOf)
                .toList();
    }

    /** Its descriptors are others then. */
    @Test
    void runsWhateverElseIsOpen(@TempDir Path directory) throws IOException {
        var open = new ArrayList<FileChannel>();
        try {
            for (int run = 0; run < Spawner.MOST_FILE_ACTIONS + 50; run++) {
                assertThat(stdout("read DATA; echo $DATA")).isEqualTo("data");
                open.add(FileChannel.open(
                        directory.resolve("file" + run), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            }
        } finally {
            for (FileChannel channel : open) {
                channel.close();
            }
        }
    }

    @Test
    void isCalledShWhereverItIs() {
        assertThat(stdout("echo $0")).isEqualTo("sh");
    }

    @Test
    void tellsAnExitCodeFromASignal() {
        assertThat(runner().run(hook("exit 137", LONG)))
                .isInstanceOfSatisfying(
                        HookOutcome.Exited.class,
                        exited -> assertThat(exited.code()).isEqualTo(137));
    }
}

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

    /** One that asked its agent's for something would be stopped. */
    @Test
    void hasNoTerminalThoughItsAgentHas(@TempDir Path directory) throws IOException, InterruptedException {
        String java = System.getProperty("java.home") + "/bin/java";
        String program = "'%s' --enable-native-access=ALL-UNNAMED -cp '%s' %s '%s'"
                .formatted(java, System.getProperty("java.class.path"), TerminalHook.class.getName(), directory);
        Process process = new ProcessBuilder("script", "-qec", program, "/dev/null")
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        assertThat(process.inputReader().readAllAsString().strip()).matches("[1-9][0-9]* 0");
        assertThat(process.waitFor()).isZero();
    }

    /** Its descriptors are others then. */
    @Test
    void runsWhateverElseIsOpen(@TempDir Path directory) throws IOException {
        var open = new ArrayList<FileChannel>();
        try {
            for (int run = 0; run < 300; run++) {
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

package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.HookOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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

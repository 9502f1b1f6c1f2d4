package dev.flannelx.host;

import dev.flannelx.hook.HookOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs a hook, and prints the controlling terminals of this process and the hook (0 is none) and their sessions. */
final class SessionHook {
    private SessionHook() {}

    /** Takes the hook's directory. */
    public static void main(String[] arguments) throws IOException {
        var runner = new ShellHookRunner("demo", "node1", Path.of(arguments[0]), List.of());
        HookOutcome outcome = runner.run(HookRunnerContract.hook(
                "echo $(cut -d ' ' -f 7 /proc/$PPID/stat /proc/$$/stat) $(cut -d ' ' -f 6 /proc/$PPID/stat /proc/$$/stat)",
                HookRunnerContract.LONG));
        System.out.println(outcome instanceof HookOutcome.Succeeded ran ? ran.stdout() : outcome);
    }
}

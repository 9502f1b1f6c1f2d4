package dev.flannelx.host;

import dev.flannelx.hook.HookOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs a hook, and prints the controlling terminal of this process and the hook's; 0 is none. */
final class TerminalHook {
    private TerminalHook() {}

    /** Takes the hook's directory. */
    public static void main(String[] arguments) throws IOException {
        var runner = new ShellHookRunner("demo", "node1", Path.of(arguments[0]), List.of());
        HookOutcome outcome = runner.run(HookRunnerContract.hook(
                "echo $(cut -d ' ' -f 7 /proc/$PPID/stat) $(cut -d ' ' -f 7 /proc/$$/stat)", HookRunnerContract.LONG));
        System.out.println(outcome instanceof HookOutcome.Succeeded ran ? ran.stdout() : outcome);
    }
}

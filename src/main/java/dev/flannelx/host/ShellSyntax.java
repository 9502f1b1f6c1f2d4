package dev.flannelx.host;

import dev.flannelx.network.HookCommands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the shell itself whether it can parse commands, by {@code sh -n}: nothing is run. */
public final class ShellSyntax {
    private ShellSyntax() {}

    /**
     * A line for each command that it cannot parse.
     *
     * @throws IOException if there is no shell to ask
     */
    public static List<String> problemsIn(HookCommands commands) throws IOException {
        var problems = new ArrayList<String>();
        for (Map.Entry<String, String> command : commands.byField().entrySet()) {
            String complaint = complaint(command.getValue());
            if (!complaint.isEmpty()) {
                problems.add("backend.%s is no shell command: %s: want what sh -n accepts"
                        .formatted(command.getKey(), complaint));
            }
        }
        return problems;
    }

    /** What {@code sh -n} says about a text, or nothing. */
    private static String complaint(String text) throws IOException {
        Program.Ended ended = Program.end(List.of("sh", "-n"), text + "\n");
        return ended.exitCode() == 0 ? "" : ended.complaint();
    }
}

package dev.flannelx.host;

import dev.flannelx.network.HookCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the shell itself whether it can parse commands, by {@code sh -n}: nothing is run. */
public final class ShellSyntax {
    private ShellSyntax() {}

    /** A line for each command that it cannot parse. */
    public static List<String> problemsIn(HookCommands commands) {
        var problems = new ArrayList<String>();
        for (Map.Entry<String, String> command : commands.byField().entrySet()) {
            String complaint = complaint(command.getValue());
            if (!complaint.isEmpty()) {
                problems.add("backend.%s is no shell command: %s".formatted(command.getKey(), complaint));
            }
        }
        return problems;
    }

    /** What {@code sh -n} says about a text, or nothing. */
    private static String complaint(String text) {
        try {
            Process shell =
                    new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
            try (var stdin = shell.getOutputStream()) {
                stdin.write(text.getBytes(StandardCharsets.UTF_8));
                stdin.write('\n');
            }
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int exitCode = shell.waitFor();
            return exitCode == 0 ? "" : output.isEmpty() ? "sh -n exits with " + exitCode : output;
        } catch (IOException e) {
            return "cannot be checked: " + e.getMessage();
        } catch (InterruptedException e) {
            return "cannot be checked: interrupted";
        }
    }
}

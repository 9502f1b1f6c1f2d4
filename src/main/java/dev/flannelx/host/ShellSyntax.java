package dev.flannelx.host;

import dev.flannelx.network.HookCommands;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
        Process shell = new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
        try {
            feed(shell.getOutputStream(), text);
            String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = shell.waitFor();
            return exitCode == 0 ? "" : output.lines().findFirst().orElse("sh -n exits with " + exitCode);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            shell.destroy();
        }
    }

    /** A shell that found a mistake reads no further, and breaks the pipe: it has read enough to know. */
    private static void feed(OutputStream stdin, String text) {
        try (stdin) {
            stdin.write(text.getBytes(StandardCharsets.UTF_8));
            stdin.write('\n');
        } catch (IOException e) {
            return;
        }
    }
}

package dev.flannelx.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Runs programs of the machine to their end. */
final class Commands {
    private Commands() {}

    /** How a program ended. {@code output} is stdout and stderr together. */
    record Result(int exitCode, String output) {}

    /**
     * Runs a program that is to succeed.
     *
     * @return its output
     * @throws IOException with its output, if it did not
     */
    static String run(List<String> argv, String stdin) throws IOException {
        Result result = result(argv, stdin);
        if (result.exitCode() != 0) {
            throw new IOException("%s: exit code %d: %s"
                    .formatted(
                            String.join(" ", argv),
                            result.exitCode(),
                            result.output().strip()));
        }
        return result.output();
    }

    /** Runs a program. */
    static Result result(List<String> argv, String stdin) throws IOException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        var output = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
        try (var input = process.getOutputStream()) {
            input.write(stdin.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return new Result(process.waitFor(), output.join());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted: " + String.join(" ", argv), e);
        }
    }

    static List<String> concat(List<String> prefix, String... words) {
        return Stream.concat(prefix.stream(), Stream.of(words)).toList();
    }

    private static String readAll(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

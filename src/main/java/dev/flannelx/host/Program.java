package dev.flannelx.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Programs of the machine that are asked something or told something, and end soon: no hooks. */
final class Program {
    private Program() {}

    /** How a program ended. */
    record Ended(int exitCode, String stdout, String stderr) {
        /** What it said against it, in one line. */
        String complaint() {
            return Stream.of(stderr, stdout)
                    .flatMap(String::lines)
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("exit code " + exitCode);
        }
    }

    /**
     * Runs a program that is to succeed.
     *
     * @return its stdout
     * @throws IOException with what it said, if it did not
     */
    static String run(List<String> argv, String stdin) throws IOException {
        Ended ended = end(argv, stdin);
        if (ended.exitCode() != 0) {
            throw new IOException(String.join(" ", argv) + ": " + ended.complaint());
        }
        return ended.stdout();
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it cannot be started
     */
    static Ended end(List<String> argv, String stdin) throws IOException {
        Process process = new ProcessBuilder(argv).start();
        try {
            CompletableFuture<String> stderr = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            feed(process.getOutputStream(), stdin);
            String stdout = text(process.getInputStream());
            return new Ended(process.waitFor(), stdout, stderr.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + String.join(" ", argv), e);
        } finally {
            process.destroy();
        }
    }

    /** A program that has found a mistake may read no further, and breaks the pipe: its exit code tells. */
    private static void feed(OutputStream stdin, String text) {
        try (stdin) {
            stdin.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }

    private static String text(InputStream output) {
        try (output) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.flannelx.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A program that was run to its end. */
record ToolRun(int exitCode, String output) {
    /** Runs it with that on stdin; stdout and stderr together are its output. */
    static ToolRun of(String stdin, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> output =
                    threads.submit(() -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            try (var to = process.getOutputStream()) {
                to.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading all: what it says about that is in its output.
            }
            return new ToolRun(process.waitFor(), output.get());
        }
    }
}

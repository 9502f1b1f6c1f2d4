package dev.flannelx.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code flannelx lab} or {@code cluster} in a JVM of its own, as a person starts it. Everything that comes of it is found again by a mark in
 * its environment.
 */
final class LabProcess implements AutoCloseable {
    private static final String MARK = "FLANNELX_LAB_IT";
    private static final long MINUTES_AT_MOST = 5;

    private final String mark = MARK + "=" + UUID.randomUUID();
    private final Path out;
    private final Path err;
    private final Process process;

    private LabProcess(Path directory, List<String> argv) throws IOException {
        out = Files.createTempFile(directory, "lab", ".out");
        err = Files.createTempFile(directory, "lab", ".err");
        var builder = new ProcessBuilder(argv).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put(MARK, mark.substring(MARK.length() + 1));
        process = builder.start();
    }

    /**
     * Starts one.
     *
     * @param directory for its output
     * @param prefix words before the JVM's
     * @param classPath of flannelx
     * @param arguments the command first
     */
    static LabProcess start(Path directory, List<String> prefix, String classPath, String... arguments)
            throws IOException {
        var argv = new ArrayList<>(prefix);
        argv.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath,
                Main.class.getName()));
        argv.addAll(List.of(arguments));
        return new LabProcess(directory, argv);
    }

    /** This test's own class path. */
    static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What it has printed so far. */
    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** What came of it; it ends within minutes or is broken. */
    CommandRun end() throws IOException, InterruptedException {
        if (!process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES)) {
            throw new AssertionError("still running: " + Files.readString(err));
        }
        return new CommandRun(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Its processes and all that came of them. */
    Set<Long> living() {
        var pids = new HashSet<Long>();
        for (Path directory : processes()) {
            if (environment(directory).contains(mark)) {
                pids.add(Long.parseLong(directory.getFileName().toString()));
            }
        }
        return pids;
    }

    /** Whether one of them is this command. */
    boolean runs(String commandLine) {
        return living().stream()
                .map(pid -> text(Path.of("/proc", pid.toString(), "cmdline")))
                .anyMatch(line -> line.replace('\0', ' ').strip().equals(commandLine));
    }

    /** The network namespaces that its processes are in and this one is not. */
    Set<String> namespaces() {
        var namespaces = new HashSet<String>();
        living().forEach(pid -> namespace(Path.of("/proc", pid.toString())).ifPresent(namespaces::add));
        namespace(Path.of("/proc/self")).ifPresent(namespaces::remove);
        return namespaces;
    }

    /** Those of these network namespaces that some process of the machine is in. */
    static Set<String> alive(Set<String> namespaces) {
        var alive = new HashSet<String>();
        processes().forEach(process -> namespace(process).ifPresent(alive::add));
        alive.retainAll(namespaces);
        return alive;
    }

    private static List<Path> processes() {
        try (Stream<Path> paths = Files.list(Path.of("/proc"))) {
            return paths.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> environment(Path process) {
        return List.of(text(process.resolve("environ")).split("\0", -1));
    }

    private static Optional<String> namespace(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns/net")).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Empty where the process has just ended, or is none of ours. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        living().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}

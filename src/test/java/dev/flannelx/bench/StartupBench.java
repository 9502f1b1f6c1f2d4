package dev.flannelx.bench;

import dev.flannelx.bench.Comparison.Subject;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long the commands take that people wait for. The floor is a JVM that starts and ends. */
final class StartupBench implements Bench {
    private static final int ROUNDS = 7;
    private static final List<String> SMALL = Jvm.command("64m");
    private static final List<String> DEFAULTS = List.of(Jvm.program());

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String title() {
        return "from the start of the process to its end, by the JVM's defaults and with "
                + String.join(" ", Jvm.FLAGS);
    }

    @Override
    public void run(PrintStream out) throws Exception {
        for (List<String> jvm : List.of(DEFAULTS, SMALL)) {
            String flags = jvm.equals(SMALL) ? " (small)" : "";
            var comparison = new Comparison(
                    new Subject("java --version" + flags + " (the floor)", "", () -> nanos(jvm, "--version")),
                    List.of(
                            new Subject(
                                    "flannelx --version" + flags, "", () -> nanos(jvm, "-jar", Jvm.JAR, "--version")),
                            new Subject("flannelx validate" + flags, "", () -> nanos(jvm, validate()))));
            for (int round = 0; round < ROUNDS; round++) {
                comparison.round();
            }
            out.print(comparison.text());
            out.printf(Locale.ROOT, "  %-44s %8.1f MiB at most%n", "flannelx validate" + flags, peak(jvm, validate()));
        }
    }

    private static String[] validate() {
        return new String[] {"-jar", Jvm.JAR, "validate", "src/examples/vxlan.yaml"};
    }

    private static long nanos(List<String> jvm, String... words) throws Exception {
        long start = System.nanoTime();
        require(start(jvm, words));
        return System.nanoTime() - start;
    }

    /** The most memory that was resident, as far as a look every millisecond tells. */
    private static double peak(List<String> jvm, String... words) throws Exception {
        Process process = start(jvm, words);
        double peak = 0;
        while (process.isAlive()) {
            try {
                peak = Math.max(peak, Memory.mebibytes("VmHWM", process.pid()));
            } catch (IOException e) {
                // It has ended meanwhile.
                break;
            }
            Thread.sleep(1);
        }
        require(process);
        return peak;
    }

    private static Process start(List<String> jvm, String... words) throws IOException {
        var line = new ArrayList<>(jvm);
        line.addAll(List.of(words));
        return new ProcessBuilder(line)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
    }

    private static void require(Process process) throws Exception {
        if (process.waitFor() != 0) {
            throw new IOException(process.info() + ": exit code " + process.exitValue());
        }
    }
}

package dev.flannelx.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM that a bench or a program runs in. */
final class Jvm {
    /** What an agent is run with, but for its heap: small rather than fast. */
    static final List<String> FLAGS = flags();

    /** flannelx, as it is packaged. */
    static final String JAR = "target/quarkus-app/quarkus-run.jar";

    private Jvm() {}

    private static List<String> flags() {
        var flags =
                new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders"));
        if (hasHugePages()) {
            flags.add("-XX:+UseTransparentHugePages");
        }
        return List.copyOf(flags);
    }

    /** Whether the kernel gives any to who asks. */
    private static boolean hasHugePages() {
        try {
            return !Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"))
                    .contains("[never]");
        } catch (IOException e) {
            return false;
        }
    }

    static String program() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** Where programs are looked for, {@code java} first. */
    static String path() {
        return Path.of(program()).getParent() + ":" + System.getenv("PATH");
    }

    /** The words before a program's own. */
    static List<String> command(String heap) {
        var line = new ArrayList<>(List.of(program()));
        line.addAll(FLAGS);
        line.addAll(List.of("-Xmx" + heap, "--enable-native-access=ALL-UNNAMED"));
        return line;
    }
}

package dev.flannelx.bench;

import java.nio.file.Path;
import java.util.List;

/** The JVM that a bench or a program runs in. */
final class Jvm {
    /** What an agent is run with, but for its heap: small rather than fast. */
    static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders");

    /** flannelx, as it is packaged. */
    static final String JAR = "target/quarkus-app/quarkus-run.jar";

    private Jvm() {}

    static String program() {
        return System.getProperty("java.home") + "/bin/java";
    }

    /** Where programs are looked for, {@code java} first. */
    static String path() {
        return Path.of(program()).getParent() + ":" + System.getenv("PATH");
    }

    /** The words before a program's own. */
    static List<String> command(String heap) {
        return List.of(
                program(),
                FLAGS.get(0),
                FLAGS.get(1),
                FLAGS.get(2),
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED");
    }
}

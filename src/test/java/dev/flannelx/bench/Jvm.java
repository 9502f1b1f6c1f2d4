package dev.flannelx.bench;

import java.util.List;

/** The JVM that a bench or a program runs in. */
final class Jvm {
    /** What an agent is run with, but for its heap: small rather than fast. */
    static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders");

    private Jvm() {}

    static String program() {
        return System.getProperty("java.home") + "/bin/java";
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

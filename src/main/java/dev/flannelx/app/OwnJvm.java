package dev.flannelx.app;

import java.util.List;
import java.util.Optional;

/** How this very program is started once more. */
final class OwnJvm {
    private OwnJvm() {}

    /** The words before its own arguments. */
    static List<String> commandLine() {
        Optional<String> executable = ProcessHandle.current().info().command();
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return List.of(executable.orElseThrow());
        }
        return List.of(
                executable.orElse(System.getProperty("java.home") + "/bin/java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // The file of its counters is named by the pid, which is 1 in every sandbox: a second one would
                // complain.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                startClass());
    }

    /** The class that a JVM is told to start: Quarkus's own, where the class path is its runner jar. */
    private static String startClass() {
        boolean packaged = System.getProperty("java.class.path").endsWith("quarkus-run.jar");
        return packaged ? "io.quarkus.bootstrap.runner.QuarkusEntryPoint" : Main.class.getName();
    }
}

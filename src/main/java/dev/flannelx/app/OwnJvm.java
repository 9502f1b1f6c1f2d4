package dev.flannelx.app;

import java.util.ArrayList;
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
        var line = new ArrayList<>(List.of(
                executable.orElse(System.getProperty("java.home") + "/bin/java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // The file of its counters is named by the pid, which is 1 in every sandbox: a second one would
                // complain.
                "-XX:-UsePerfData",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        String classPath = System.getProperty("java.class.path");
        line.addAll(
                classPath.endsWith("quarkus-run.jar")
                        ? List.of("-jar", classPath)
                        : List.of("-cp", classPath, Main.class.getName()));
        return line;
    }
}

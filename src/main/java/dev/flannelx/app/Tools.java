package dev.flannelx.app;

import dev.flannelx.lab.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The programs of the machine that the lab needs. */
final class Tools {
    private static final Map<String, String> PACKAGES = Map.of(
            "ip", "iproute2",
            "ping", "iputils-ping",
            "unshare", "util-linux",
            "nsenter", "util-linux",
            "mount", "mount",
            "kill", "procps");

    private Tools() {}

    /**
     * Makes sure that they are there.
     *
     * @throws IOException with what to install
     */
    static void require(List<String> programs) throws IOException {
        List<String> missing =
                programs.stream().filter(program -> !isThere(program)).toList();
        if (!missing.isEmpty()) {
            throw new IOException("not found: %s. On Debian: apt-get install %s"
                    .formatted(
                            String.join(", ", missing),
                            String.join(
                                    " ",
                                    missing.stream()
                                            .map(program -> PACKAGES.getOrDefault(program, program))
                                            .distinct()
                                            .toList())));
        }
    }

    private static boolean isThere(String program) {
        return Sandbox.searchPath().stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}

package dev.flannelx.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process takes of the machine's memory, as the kernel counts it. */
final class Memory {
    private static final double KIB_PER_MIB = 1024;

    private Memory() {}

    /**
     * A line of a process's status, in MiB: {@code VmRSS} is what is resident now, {@code VmHWM} the most that ever was.
     *
     * @throws IOException if there is no such process any more
     */
    static double mebibytes(String field, long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        throw new IOException("process " + pid + " has no " + field);
    }
}

package dev.flannelx.app.lab;

import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder, for its user alone, by which what is inside of a sandbox is reached from outside: it is the same in both.
 *
 * @param path of the folder
 */
public record ClusterFolder(Path path) {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    public static ClusterFolder make() throws IOException {
        return new ClusterFolder(Files.createTempDirectory("flannelx-cluster"));
    }

    public UnixDomainSocketAddress socket() {
        return UnixDomainSocketAddress.of(path.resolve("socket"));
    }

    Path kubeconfig() {
        return path.resolve("kubeconfig");
    }

    Path log() {
        return path.resolve("log");
    }

    void writeKubeconfig(String text) throws IOException {
        Files.writeString(
                Files.createFile(
                        kubeconfig(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                text);
    }

    /** Deletes it, again and again for a while, since what is being killed inside may still write its last. */
    public void delete() {
        long start = System.nanoTime();
        while (Files.exists(path) && System.nanoTime() - start < PATIENCE_NANOS) {
            File[] files = path.toFile().listFiles();
            if (files != null) {
                for (File file : files) {
                    file.delete();
                }
            }
            path.toFile().delete();
        }
    }
}

package dev.flannelx.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flannelx.ScratchFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The etcd of an {@link ApiServer}.
 *
 * @param programs where etcdctl and etcdutl are
 * @param folder for its data and its snapshots
 */
public record Etcd(Path programs, Path folder, int port) {
    Path data() {
        return folder.resolve("etcd");
    }

    /** Keeps what it holds now. */
    public Path snapshot() throws IOException {
        Path snapshot = Files.createTempDirectory(folder, "snapshot").resolve("snapshot.db");
        control("snapshot", "save", snapshot.toString());
        return snapshot;
    }

    /** Puts it back to what it held then. It must not be running. */
    public void restore(Path snapshot) throws IOException {
        ScratchFolder.delete(data());
        run("etcdutl", "snapshot", "restore", snapshot.toString(), "--data-dir=" + data());
    }

    /** Forgets all versions but the newest. */
    public void compact() throws IOException {
        String status = control("endpoint", "status", "--write-out=json");
        long revision = new ObjectMapper()
                .readTree(status)
                .at("/0/Status/header/revision")
                .asLong();
        try {
            control("compaction", "--physical", String.valueOf(revision));
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("has been compacted")) {
                throw e;
            }
        }
    }

    /** Writes a resource as no API server would let anybody. */
    public void put(String plural, String name, String json) throws IOException {
        control("put", key(plural, name), json);
    }

    /** Deletes a resource as no API server hears of before it is done. */
    public void delete(String plural, String name) throws IOException {
        control("del", key(plural, name));
    }

    private static String key(String plural, String name) {
        return "/registry/flannelx.dev/" + plural + "/" + name;
    }

    private String control(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--endpoints=http://127.0.0.1:" + port);
        return run("etcdctl", all.toArray(String[]::new));
    }

    private String run(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path stderr = Files.createTempFile(folder, program, ".err");
        Process process =
                new ProcessBuilder(command).redirectError(stderr.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + Files.readString(stderr));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}

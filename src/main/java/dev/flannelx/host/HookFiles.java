package dev.flannelx.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that {@link ProcessBuilder} takes a hook's stdin from and sends its outputs to, until they are open. */
final class HookFiles implements AutoCloseable {
    private final Path directory;

    /**
     * Makes them: a file with the stdin, and two named pipes.
     *
     * @param parent where a directory of their own is made
     * @throws IOException if they cannot be made
     */
    HookFiles(Path parent, String stdin) throws IOException {
        directory = Files.createTempDirectory(parent, ".hook");
        try {
            Files.writeString(stdin(), stdin);
            makePipes();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void makePipes() throws IOException {
        Process process = new ProcessBuilder("mkfifo", stdout().toString(), stderr().toString()).start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("mkfifo in " + directory + ": exit code " + process.exitValue());
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    Path stdin() {
        return directory.resolve("stdin");
    }

    Path stdout() {
        return directory.resolve("stdout");
    }

    Path stderr() {
        return directory.resolve("stderr");
    }

    /** Takes their names away; who has them open goes on. */
    @Override
    public void close() throws IOException {
        for (Path path : List.of(stdin(), stdout(), stderr(), directory)) {
            Files.deleteIfExists(path);
        }
    }
}

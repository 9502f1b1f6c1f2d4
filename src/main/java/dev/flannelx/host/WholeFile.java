package dev.flannelx.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Small text files that others read: readable for all, replaced whole, so that nobody reads half of one. */
final class WholeFile {
    private WholeFile() {}

    /** What the file says, or empty if it is not there. */
    static Optional<String> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /**
     * Makes the file say {@code text}. One that does already is not touched, since whoever watches it would start anew.
     *
     * @throws IOException if it cannot be written; what was there stays
     */
    static void write(Path file, String text) throws IOException {
        if (read(file).filter(text::equals).isPresent()) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " has no directory to be in");
        }
        PublicDirectory.make(directory);
        Path fresh = directory.resolve(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}

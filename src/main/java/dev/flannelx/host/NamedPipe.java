package dev.flannelx.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The reading end of a named pipe, of which only what is there is read, so that nobody is waited for. */
final class NamedPipe implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    /** So much is still read after the shell's end, of what a daemon that it left behind may go on writing. */
    private static final int LAST_BYTES = 1 << 20;

    private final FileInputStream input;
    private final Output output;

    /**
     * Opens it.
     *
     * @throws IOException if it is not there
     */
    NamedPipe(Path path, Output output) throws IOException {
        this.output = output;
        // A reader that comes alone waits for the first writer.
        try (var _ = new RandomAccessFile(path.toFile(), "rw")) {
            input = new FileInputStream(path.toFile());
        }
    }

    /** Reads what is there, once; tells how much. */
    int drain() throws IOException {
        int there = Math.min(input.available(), BUFFER_BYTES);
        output.add(input.readNBytes(there));
        return there;
    }

    /** Reads what is still in the pipe when the shell has ended. */
    void drainRest() throws IOException {
        int total = 0;
        for (int count = drain(); count > 0 && total < LAST_BYTES; count = drain()) {
            total += count;
        }
    }

    String text() {
        return output.text();
    }

    /** It is read on, and thrown away, as long as somebody may write to it. */
    @Override
    public void close() {
        LeftOutputs.take(input);
    }
}

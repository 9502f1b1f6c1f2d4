package dev.flannelx.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What makes an agent the only one of its node: a lock on a file of the run directory, which says who has it. The kernel
 * releases it when the process ends, however it ends.
 *
 * <p>The kernel gives such a lock to a process, not to a channel: it is gone as soon as the process closes any other
 * channel to the file. So this class remembers what this process holds, and opens none of it again.
 */
public final class AgentLock implements AutoCloseable {
    private static final String FILE = "agent.lock";
    private static final int LONGEST_HOLDER = 1024;
    private static final Map<Object, AgentLock> HELD = new HashMap<>();

    private final Object file;
    private final FileChannel channel;
    private final String holder;

    private AgentLock(Object file, FileChannel channel, String holder) {
        this.file = file;
        this.channel = channel;
        this.holder = holder;
    }

    /** What became of an attempt. */
    public sealed interface Attempt {
        /** The lock is the caller's until it is closed. */
        record Taken(AgentLock lock) implements Attempt {}

        /**
         * Another agent has it: try again later.
         *
         * @param holder which one, for a person
         */
        record Denied(String holder) implements Attempt {}
    }

    /**
     * Takes the lock if nobody has it.
     *
     * @param directory where it lies; made if it is not there
     * @param node whose agent this is, for whoever is denied
     * @throws IOException if the file cannot be made or locked
     */
    public static Attempt tryTake(Path directory, String node, Instant now) throws IOException {
        PublicDirectory.make(directory);
        Path file = directory.resolve(FILE);
        synchronized (HELD) {
            AgentLock own = heldHere(file);
            if (own != null) {
                return new Attempt.Denied(own.holder);
            }
            return tryTake(
                    file,
                    () -> "the agent of node %s, process %d since %s"
                            .formatted(node, ProcessHandle.current().pid(), now));
        }
    }

    private static @Nullable AgentLock heldHere(Path file) throws IOException {
        return Files.exists(file) ? HELD.get(key(file)) : null;
    }

    private static Attempt tryTake(Path file, Supplier<String> self) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return new Attempt.Denied(holder(channel));
            }
            String holder = self.get();
            write(channel, holder);
            var held = new AgentLock(key(file), channel, holder);
            HELD.put(held.file, held);
            taken = true;
            return new Attempt.Taken(held);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** One inode by whatever path. */
    private static Object key(Path file) throws IOException {
        return Files.getAttribute(file, "unix:fileKey");
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HOLDER);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "another agent" : text;
    }

    private static void write(FileChannel channel, String holder) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Gives it back. The file stays, since removing it would let two agents lock two files of one name. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (HELD.remove(file, this)) {
                channel.close();
            }
        }
    }
}

package dev.flannelx.host;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.reconcile.Journal;
import dev.flannelx.reconcile.JournalContent;
import dev.flannelx.reconcile.JournalEntry;
import dev.flannelx.reconcile.JournalState;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one network as a file of lines that only grows, and is rewritten when it has become much longer than
 * what it says. The first line has the format's version, the boot and the network namespace that it speaks of: of any
 * other, it says nothing.
 *
 * <p>There is no fsync: the file lies on a tmpfs and outlives the process, not the kernel, as does what it records.
 */
public final class FileJournal implements Journal {
    private static final int VERSION = 1;
    private static final int LINES_BEFORE_REWRITE = 1000;
    private static final int LINES_PER_THING = 4;
    private static final String FILE = "journal";
    private static final String HOOKS = "hooks";

    private final Path directory;
    private final String life;
    private JournalCodec codec = new JournalCodec();
    private JournalContent content = new JournalContent(JournalState.EMPTY);
    /** For one {@link #append} after another: to make it takes as long as to write a line. */
    private final JournalLines appended = new JournalLines();

    private @Nullable OutputStream out;
    private long lines;

    /**
     * A journal in {@code directory}, which is made when it is first written.
     *
     * @param life names the boot and the network namespace: see {@link KernelLife}
     */
    public FileJournal(Path directory, String life) {
        this.directory = directory;
        this.life = life;
    }

    /**
     * The networks that have a journal, going by their directories' names.
     *
     * @param run the directory with a directory per network in it
     * @throws IOException if it is there and cannot be listed
     */
    public static List<String> networks(Path run) throws IOException {
        if (!Files.exists(run)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(run)) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve(FILE)))
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** The private directory of the network's hooks, which lives as long as the journal. */
    public Path hooksDirectory() {
        return directory.resolve(HOOKS);
    }

    @Override
    public JournalState load() throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return JournalState.EMPTY;
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = lastNewline(bytes);
        List<String> text =
                new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
        Optional<JsonNode> header = text.isEmpty() ? Optional.empty() : JournalLines.read(text.getFirst());
        if (header.isPresent() && header.get().path("version").intValue() > VERSION) {
            throw new IOException("%s has format version %d: want at most %d"
                    .formatted(file, header.get().path("version").intValue(), VERSION));
        }
        if (header.isPresent() && !header.get().path("life").asText().equals(life)) {
            erase();
            return JournalState.EMPTY;
        }
        var reader = new Reader();
        text.stream().skip(header.isPresent() ? 1 : 0).forEach(reader::read);
        // Without a first line there was no time for a second: an empty file, or one cut within its header.
        boolean damaged = reader.damaged || (header.isEmpty() && !text.isEmpty());
        content = new JournalContent(JournalState.EMPTY);
        content.apply(reader.entries);
        if (damaged) {
            content.doubt();
        }
        try {
            rewrite(List.of());
        } catch (IOException e) {
            // What was read counts, though there is no room to write it anew now: the first append tries again.
            close();
        }
        return content.state(damaged);
    }

    private final class Reader {
        private final List<JournalEntry> entries = new ArrayList<>();
        private boolean damaged;

        void read(String line) {
            try {
                Optional<JsonNode> content = JournalLines.read(line);
                if (content.isPresent()) {
                    codec.decode(content.get()).ifPresent(entries::add);
                } else {
                    damaged = true;
                }
            } catch (IllegalArgumentException e) {
                damaged = true;
            }
        }
    }

    @Override
    public void append(List<JournalEntry> entries) throws IOException {
        if (out == null || lines > LINES_BEFORE_REWRITE + LINES_PER_THING * (long) content.peerCount()) {
            rewrite(entries);
        } else {
            appendToFile(out, entries);
        }
        content.apply(entries);
    }

    private void appendToFile(OutputStream open, List<JournalEntry> entries) throws IOException {
        appended.clear();
        encode(entries, appended);
        try {
            appended.writeTo(open);
        } catch (IOException e) {
            // The next append rewrites the file. A load before that leaves out half a line; whole ones do no harm: an
            // outcome that is true, the intent of a hook that was not begun.
            close();
            throw e;
        }
        lines += appended.count();
    }

    /** Writes the content, and what is new, to a new file and puts it in the old one's place. */
    private void rewrite(List<JournalEntry> more) throws IOException {
        close();
        codec = new JournalCodec();
        PublicDirectory.make(directory);
        var encoded = new JournalLines();
        header(encoded.json());
        encoded.end();
        encode(content.entries(), encoded);
        encode(more, encoded);
        Path fresh = directory.resolve(FILE + ".new");
        // A crash may have left one.
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // Made first, for its mode. A channel could do both, and takes longer for a line.
        OutputStream open = new FileOutputStream(fresh.toFile());
        try {
            encoded.writeTo(open);
            Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            open.close();
            Files.delete(fresh);
            throw e;
        }
        lines = encoded.count();
        out = open;
    }

    private void encode(List<JournalEntry> entries, JournalLines encoded) throws IOException {
        for (JournalEntry entry : entries) {
            codec.encode(entry, encoded);
        }
    }

    private void header(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", VERSION);
        json.writeStringField("life", life);
        json.writeEndObject();
    }

    @Override
    public void erase() throws IOException {
        close();
        content = new JournalContent(JournalState.EMPTY);
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    if (!path.equals(directory)) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    private void close() throws IOException {
        if (out != null) {
            OutputStream open = out;
            out = null;
            open.close();
        }
    }

    private static int lastNewline(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }
}

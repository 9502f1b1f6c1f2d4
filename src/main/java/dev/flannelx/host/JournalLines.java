package dev.flannelx.host;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Lines of a journal file. Each is the CRC-32C of what follows, eight hexadecimal digits; a space; a JSON object. */
final class JournalLines {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final int CHECKSUM_DIGITS = 8;
    /** Most have less. */
    private static final int LINE_BYTES = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * LINE_BYTES);
    /** Where the generator, one for all lines, puts one. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(LINE_BYTES);

    private final JsonGenerator json;
    private int count;

    JournalLines() {
        try {
            json = MAPPER.createGenerator(line).setRootValueSeparator(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the one JSON object of the next line is to be written; {@link #end} follows. */
    JsonGenerator json() {
        return json;
    }

    /** Adds the line whose content has been written. */
    void end() throws IOException {
        json.flush();
        byte[] encoded = line.toByteArray();
        line.reset();
        bytes.writeBytes(checksum(encoded).getBytes(StandardCharsets.US_ASCII));
        bytes.write(' ');
        bytes.writeBytes(encoded);
        bytes.write('\n');
        count++;
    }

    /** Takes all lines away. */
    void clear() {
        bytes.reset();
        count = 0;
    }

    int count() {
        return count;
    }

    /** Writes all lines, in one piece. */
    void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }

    /** The content of a line without its newline; empty if it is not what was written. */
    static Optional<JsonNode> read(String line) {
        if (line.length() <= CHECKSUM_DIGITS || line.charAt(CHECKSUM_DIGITS) != ' ') {
            return Optional.empty();
        }
        String json = line.substring(CHECKSUM_DIGITS + 1);
        if (!checksum(json.getBytes(StandardCharsets.UTF_8)).equals(line.substring(0, CHECKSUM_DIGITS))) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String checksum(byte[] json) {
        var crc = new CRC32C();
        crc.update(json);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

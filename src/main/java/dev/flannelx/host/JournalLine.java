package dev.flannelx.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One line of a journal file: the CRC-32C of what follows, eight hexadecimal digits; a space; a JSON object. */
final class JournalLine {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final int CHECKSUM_DIGITS = 8;

    private JournalLine() {}

    /** The line with its newline. */
    static String write(JsonNode content) {
        String json = content.toString();
        return checksum(json) + " " + json + "\n";
    }

    /** The content of a line without its newline; empty if it is not what was written. */
    static Optional<JsonNode> read(String line) {
        if (line.length() <= CHECKSUM_DIGITS || line.charAt(CHECKSUM_DIGITS) != ' ') {
            return Optional.empty();
        }
        String json = line.substring(CHECKSUM_DIGITS + 1);
        if (!checksum(json).equals(line.substring(0, CHECKSUM_DIGITS))) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String checksum(String json) {
        var crc = new CRC32C();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

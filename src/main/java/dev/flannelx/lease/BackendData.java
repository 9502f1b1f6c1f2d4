package dev.flannelx.lease;

import java.util.Optional;

/** The rules for what a node may hand to the others: short, printable, so that it is safe in any hook's stdin. */
public final class BackendData {
    public static final int MAX_BYTES = 4096;

    private BackendData() {}

    /** What is wrong with it, or empty: at most {@value #MAX_BYTES} bytes of printable ASCII, tab and newline. */
    public static Optional<String> problemWith(String data) {
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if ((c < ' ' && c != '\t' && c != '\n') || c > '~') {
                return Optional.of(
                        "backend data has the character U+%04X at offset %d: want printable ASCII, tab or newline"
                                .formatted((int) c, i));
            }
        }
        return data.length() > MAX_BYTES
                ? Optional.of("backend data has %d bytes: want at most %d".formatted(data.length(), MAX_BYTES))
                : Optional.empty();
    }
}

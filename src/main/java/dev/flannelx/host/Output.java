package dev.flannelx.host;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What is kept of one of a hook's outputs: its beginning or its end, up to a bound. */
final class Output {
    /** Enough for the longest valid data and its newline, and to see that there is more. */
    static final int KEPT_BYTES = 8192;

    private final boolean keepsTail;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);

    Output(boolean keepsTail) {
        this.keepsTail = keepsTail;
    }

    void add(byte[] bytes) {
        if (keepsTail) {
            kept.writeBytes(bytes);
            if (kept.size() > KEPT_BYTES) {
                byte[] all = kept.toByteArray();
                kept.reset();
                kept.write(all, all.length - KEPT_BYTES, KEPT_BYTES);
            }
        } else {
            kept.write(bytes, 0, Math.min(bytes.length, KEPT_BYTES - kept.size()));
        }
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}

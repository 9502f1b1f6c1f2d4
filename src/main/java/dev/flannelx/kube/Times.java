package dev.flannelx.kube;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Points in time as the API writes them. */
final class Times {
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

    private Times() {}

    /** As a MicroTime, always with six digits of a second. */
    static String micro(Instant time) {
        return MICRO.format(time);
    }
}

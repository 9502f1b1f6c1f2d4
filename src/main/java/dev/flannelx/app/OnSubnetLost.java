package dev.flannelx.app;

import java.util.Locale;

/** What a node does whose subnet has become another's. */
enum OnSubnetLost {
    /** It stays as it is, not ready, until somebody decides. */
    WAIT,
    /** It takes another subnet; its pods keep their old addresses. */
    MOVE;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

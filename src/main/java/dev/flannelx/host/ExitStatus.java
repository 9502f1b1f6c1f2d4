package dev.flannelx.host;

/** How a process ended: {@code code} is its exit code, or the number of the signal that ended it. */
record ExitStatus(boolean signalled, int code) {}

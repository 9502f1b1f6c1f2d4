package dev.flannelx.host;

import java.util.ArrayList;
import java.util.List;

/** File descriptors that are closed together. */
final class Descriptors implements AutoCloseable {
    private final List<Integer> open = new ArrayList<>();

    /** Takes one over; returns it. */
    int add(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    @Override
    public void close() {
        open.forEach(Posix::close);
        open.clear();
    }
}

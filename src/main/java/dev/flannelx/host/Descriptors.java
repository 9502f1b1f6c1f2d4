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

    /** Lets go of one that was taken over; returns it. */
    int release(int descriptor) {
        open.remove(Integer.valueOf(descriptor));
        return descriptor;
    }

    @Override
    public void close() {
        open.forEach(Posix::close);
        open.clear();
    }
}

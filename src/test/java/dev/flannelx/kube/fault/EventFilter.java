package dev.flannelx.kube.fault;

import java.util.Optional;
import java.util.function.Supplier;

/** One watch's events on their way to the client, and what befalls them. Not thread-safe. */
final class EventFilter {
    private static final String GONE = """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
            "message":"too old resource version: 1 (2)","reason":"Expired","code":410}}""";

    private final Supplier<Faults> faults;
    private final WatchSink sink;
    private Optional<String> held = Optional.empty();
    private boolean over;

    EventFilter(Supplier<Faults> faults, WatchSink sink) {
        this.faults = faults;
        this.sink = sink;
    }

    void hear(String event) {
        if (over) {
            return;
        }
        switch (faults.get().event()) {
            case PASS -> pass(event);
            case LOSE -> {}
            case SWAP -> hold(event);
            case REPEAT -> {
                pass(event);
                hold(event);
            }
            case GARBLE -> sink.send(event.substring(0, event.length() / 2));
            case GONE -> {
                over = true;
                sink.send(GONE);
                sink.end();
            }
            case CUT -> {
                over = true;
                sink.cut();
            }
            case MUTE -> over = true;
        }
    }

    /** The API server has ended the watch. */
    void end() {
        if (!over) {
            over = true;
            sink.end();
        }
    }

    private void pass(String event) {
        sink.send(event);
        held.ifPresent(sink::send);
        held = Optional.empty();
    }

    private void hold(String event) {
        held.ifPresent(sink::send);
        held = Optional.of(event);
    }
}

package dev.flannelx.kube.fault;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those that a test asks for, one after the other; between and after them all is well. */
public final class ScriptedFaults implements Faults {
    private final Queue<OfRequest> requests = new ConcurrentLinkedQueue<>();
    private final Queue<OfEvent> events = new ConcurrentLinkedQueue<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What happens to the next requests. */
    public ScriptedFaults requests(OfRequest... next) {
        requests.addAll(List.of(next));
        return this;
    }

    /** What happens to the next events. */
    public ScriptedFaults events(OfEvent... next) {
        events.addAll(List.of(next));
        return this;
    }

    /** Whether all that was asked for has happened. */
    public boolean isOver() {
        return requests.isEmpty() && events.isEmpty();
    }

    /** Each request so far, as {@code GET /path?query}. */
    public List<String> asked() {
        return asked;
    }

    @Override
    public OfRequest request(String method, String uri) {
        asked.add(method + " " + uri);
        OfRequest next = requests.poll();
        return next == null ? new OfRequest.Pass() : next;
    }

    @Override
    public OfEvent event() {
        OfEvent next = events.poll();
        return next == null ? OfEvent.PASS : next;
    }
}

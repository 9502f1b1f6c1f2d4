package dev.flannelx.kube.fault;

import java.time.Duration;

/** Decides what goes wrong between a client and the API server. Called by one thread at a time. */
public interface Faults {
    /** All is well. */
    Faults NONE = always(new OfRequest.Pass(), OfEvent.PASS);

    /** Nobody is there: every connection ends at once. */
    Faults AWAY = always(new OfRequest.Cut(), OfEvent.CUT);

    /** Packets vanish: nothing is refused and nothing ends. */
    Faults BLACK_HOLE = always(new OfRequest.Swallow(), OfEvent.LOSE);

    private static Faults always(OfRequest ofRequest, OfEvent ofEvent) {
        return new Faults() {
            @Override
            public OfRequest request(String method, String uri) {
                return ofRequest;
            }

            @Override
            public OfEvent event() {
                return ofEvent;
            }
        };
    }

    /** For each request, the one that begins a watch included. */
    OfRequest request(String method, String uri);

    /** For each event of a watch, bookmarks included. */
    OfEvent event();

    /** What happens to a request. */
    sealed interface OfRequest {
        record Pass() implements OfRequest {}

        /** It takes longer. */
        record Delay(Duration delay) implements OfRequest {}

        /** It is answered on the API server's behalf. */
        record Refuse(int status, int retryAfterSeconds) implements OfRequest {}

        /** The connection ends before the API server hears of it. */
        record Cut() implements OfRequest {}

        /** It is carried out, and the connection ends instead of an answer. */
        record LoseAnswer() implements OfRequest {}

        /** Nobody ever answers. */
        record Swallow() implements OfRequest {}

        /** A list of what some API server remembers is answered by what was remembered before. */
        record Remember() implements OfRequest {}
    }

    /** What happens to an event of a watch. */
    enum OfEvent {
        PASS,
        LOSE,
        /** It comes after the one that follows it. */
        SWAP,
        /** It comes again, after the one that follows it. */
        REPEAT,
        /** Only half of it comes. */
        GARBLE,
        /** Instead of it: the version from which to watch on has been compacted. */
        GONE,
        /** Instead of it, the connection ends. */
        CUT,
        /** Neither it nor anything after it comes, and the connection stays. */
        MUTE
    }
}

package dev.flannelx.kube.fault;

import java.util.function.IntConsumer;

/** Hears what the API server is asked, and what it says to that, though the answer be lost on its way. */
public interface Tap {
    /** Stands for the status of an answer that did not come. */
    int NO_ANSWER = 0;

    Tap NONE = (_, _, _) -> _ -> {};

    /**
     * A request goes to the API server.
     *
     * @return hears the status of the answer, or {@link #NO_ANSWER} when the connection ended without one
     */
    IntConsumer asked(String method, String uri, String body);
}

package dev.flannelx.network;

import java.util.List;

/** What became of a piece of input: a network, or everything that is wrong with it. */
public sealed interface Decoded {
    /** It is a network that can run. */
    record Valid(Network network) implements Decoded {}

    /**
     * It is none.
     *
     * @param problems at least one; each names subject, value and what was wanted
     */
    record Invalid(List<String> problems) implements Decoded {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("invalid without a problem");
            }
        }
    }
}

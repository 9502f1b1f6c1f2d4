package dev.flannelx.app.agent;

import java.util.List;

/**
 * Whether a node is ready in every network that it is to join.
 *
 * @param missing what is not, for a person
 */
public record Readiness(List<String> missing) {
    public Readiness {
        missing = List.copyOf(missing);
    }

    public boolean isReady() {
        return missing.isEmpty();
    }
}

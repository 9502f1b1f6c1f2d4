package dev.flannelx.lease;

import dev.flannelx.lease.CountedLeases.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The leases of a network that everybody does without.
 *
 * @param nonsense those that cannot even be read, by the name of their resource, and why
 * @param uncounted those that can
 */
public record SkippedLeases(Map<String, String> nonsense, List<Skipped> uncounted) {
    /** Of so many people are told what is wrong with them. */
    private static final int SHOWN = 3;

    public SkippedLeases {
        nonsense = Map.copyOf(nonsense);
        uncounted = List.copyOf(uncounted);
    }

    /** The first few and what is wrong with each, and how many more there are; empty if there is none. */
    public String summary() {
        var problems = new ArrayList<String>();
        new TreeMap<>(nonsense).forEach((name, problem) -> problems.add(name + ": " + problem));
        uncounted.forEach(lease -> problems.add(lease.lease().subnet() + ": " + lease.reason()));
        String first = String.join("; ", problems.subList(0, Math.min(problems.size(), SHOWN)));
        return problems.size() > SHOWN ? "%s; and %d more".formatted(first, problems.size() - SHOWN) : first;
    }
}

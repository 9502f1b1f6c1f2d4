package dev.flannelx.lab;

import java.util.Comparator;
import java.util.List;

/** Everything that a run of the lab has to say. */
record LabReport(String network, long seed, LabRun run, List<Played> scenarios) {
    /** node2 before node10. */
    static final Comparator<String> BY_NUMBER = Comparator.comparingInt(
                    (String name) -> Integer.parseInt(name.replaceAll("\\D+", "")))
            .thenComparing(Comparator.naturalOrder());

    LabReport {
        scenarios = List.copyOf(scenarios);
    }

    /** A scenario that was played. */
    record Played(String name, Scenario.Verdict verdict) {}

    boolean ok() {
        return scenarios.stream().allMatch(played -> played.verdict().ok());
    }
}

package dev.flannelx.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Subjects against a floor. The floor is measured before and after each, so that what else the machine does meets both.
 * Each share is of the mean of those two; of several rounds the median counts.
 */
final class Comparison {
    private final Subject floor;
    private final List<Subject> subjects;
    private final List<Double> floors = new ArrayList<>();
    private final Map<Subject, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<Subject, List<Double>> shares = new LinkedHashMap<>();

    /**
     * What is measured.
     *
     * @param wanted what the share of the floor should be, for a person; empty where nothing is wanted
     */
    record Subject(String name, String wanted, Measurement measurement) {}

    /** Does it once. */
    @FunctionalInterface
    interface Measurement {
        /** How long it took, without what it takes to prepare it. */
        long nanos() throws Exception;
    }

    Comparison(Subject floor, List<Subject> subjects) {
        this.floor = floor;
        this.subjects = List.copyOf(subjects);
        this.subjects.forEach(subject -> {
            seconds.put(subject, new ArrayList<>());
            shares.put(subject, new ArrayList<>());
        });
    }

    /** Measures each subject once. */
    void round() throws Exception {
        double before = measure(floor);
        floors.add(before);
        for (Subject subject : subjects) {
            double took = measure(subject);
            double after = measure(floor);
            floors.add(after);
            seconds.get(subject).add(took);
            shares.get(subject).add(2 * took / (before + after));
            before = after;
        }
    }

    private static double measure(Subject subject) throws Exception {
        return subject.measurement().nanos() / 1e9;
    }

    /** A line for the floor, and one for each subject with its share. */
    String text() {
        var text = new StringBuilder();
        text.append(line(floor.name(), floors, "1"));
        for (Subject subject : subjects) {
            List<Double> sorted = shares.get(subject).stream().sorted().toList();
            String share = String.format(
                    Locale.ROOT, "%.3f (%.3f to %.3f)", median(sorted), sorted.getFirst(), sorted.getLast());
            String wanted = subject.wanted().isEmpty() ? "" : ", wanted " + subject.wanted();
            text.append(line(subject.name(), seconds.get(subject), share + wanted));
        }
        return text.toString();
    }

    private static String line(String name, List<Double> seconds, String share) {
        return String.format(Locale.ROOT, "  %-44s %8.3f s   share %s%n", name, median(seconds), share);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}

package dev.flannelx.metrics;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a scrape got: by series such as {@code flannelx_peers{network="demo",state="failing"}}, with
 * its labels in alphabetical order.
 */
record Exposition(Map<String, Double> series, Map<String, String> types) {
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    static Exposition parse(String text) {
        var series = new TreeMap<String, Double>();
        var types = new TreeMap<String, String>();
        text.lines().forEach(line -> {
            var type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (!line.startsWith("#")) {
                var sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new IllegalStateException("not a sample: " + line);
                }
                series.put(key(sample.group(1), sample.group(2)), Double.valueOf(sample.group(3)));
            }
        });
        return new Exposition(series, types);
    }

    /** The value of one series, or null. */
    @Nullable
    Double value(String key) {
        return series.get(key);
    }

    /** The series of one metric. */
    Set<String> of(String name) {
        var found = new TreeSet<String>();
        series.keySet().stream()
                .filter(key -> key.equals(name) || key.startsWith(name + "{"))
                .forEach(found::add);
        return found;
    }

    private static String key(String name, @Nullable String labels) {
        if (labels == null) {
            return name;
        }
        var sorted = new TreeSet<String>();
        LABEL.matcher(labels).results().forEach(label -> sorted.add(label.group()));
        return name + "{" + String.join(",", sorted) + "}";
    }
}

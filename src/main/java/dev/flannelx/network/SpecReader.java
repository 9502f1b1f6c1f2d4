package dev.flannelx.network;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of one JSON object. A field that is absent or null has its default; one that is there and wrong adds a
 * problem, which names it, and has its default too, so that one look finds all problems.
 */
final class SpecReader {
    /** Linux takes no longer argument: {@code MAX_ARG_STRLEN} of execve(2), less the NUL at its end. */
    private static final int LONGEST_COMMAND = 128 * 1024 - 1;

    private final JsonNode object;
    private final String path;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<SpecReader> children = new ArrayList<>();

    SpecReader(JsonNode object, String path, List<String> problems) {
        this.object = object;
        this.path = path;
        this.problems = problems;
    }

    SpecReader child(String field) {
        JsonNode child = value(field);
        if (!child.isMissingNode() && !child.isNull() && !child.isObject()) {
            wrong(field, child, "an object");
        }
        var reader = new SpecReader(child, name(field) + ".", problems);
        children.add(reader);
        return reader;
    }

    boolean has(String field) {
        JsonNode value = value(field);
        return !value.isMissingNode() && !value.isNull();
    }

    /** The field as it stands: missing where it is not there. */
    JsonNode value(String field) {
        known.add(field);
        return object.path(field);
    }

    Optional<String> text(String field) {
        JsonNode value = value(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            wrong(field, value, "a string");
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    /** A command text: absent, or something for a shell to do. */
    @Nullable
    String command(String field) {
        Optional<String> text = text(field);
        if (text.isPresent() && text.get().isBlank()) {
            problem(name(field) + " is empty: want a command, or leave it out");
        }
        if (text.isPresent() && text.get().indexOf('\0') >= 0) {
            problem(name(field) + " holds a NUL character: want text that a shell can be given");
        }
        int bytes = text.map(command -> command.getBytes(StandardCharsets.UTF_8).length)
                .orElse(0);
        if (bytes > LONGEST_COMMAND) {
            problem("%s has %d bytes: want at most %d".formatted(name(field), bytes, LONGEST_COMMAND));
        }
        return text.orElse(null);
    }

    @Nullable
    Integer number(String field) {
        return number(field, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Nullable
    Integer number(String field, int lowest, int highest) {
        JsonNode value = value(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            wrong(field, value, "a whole number");
            return null;
        }
        if (value.intValue() < lowest || value.intValue() > highest) {
            wrong(field, value, lowest + " to " + highest);
            return null;
        }
        return value.intValue();
    }

    Duration duration(String field, Duration otherwise, boolean zeroAllowed) {
        Optional<String> text = text(field);
        Optional<Duration> duration = text.flatMap(Spans::parse).filter(value -> zeroAllowed || value.isPositive());
        if (text.isPresent() && duration.isEmpty()) {
            problem("%s %s is not a%s duration: want one such as 30s, 5m or 24h"
                    .formatted(name(field), Shown.text(text.get()), zeroAllowed ? "" : " positive"));
        }
        return duration.orElse(otherwise);
    }

    @Nullable
    Cidr cidr(String field, Family family) {
        Optional<String> text = text(field);
        Optional<Cidr> cidr = text.flatMap(Cidr::parse).filter(value -> value.family() == family);
        if (text.isPresent() && cidr.isEmpty()) {
            String example = family == Family.IPV4 ? "10.50.0.0/16" : "fd00:50::/48";
            problem("%s %s is no %s network: want one such as %s"
                    .formatted(name(field), Shown.text(text.get()), familyName(family), example));
        }
        if (cidr.isPresent() && !cidr.get().isAligned()) {
            problem("%s %s has host bits: want %s"
                    .formatted(name(field), text.orElseThrow(), cidr.get().masked()));
            return null;
        }
        return cidr.orElse(null);
    }

    @Nullable
    Address address(String field, Family family) {
        Optional<String> text = text(field);
        Optional<Address> address = text.flatMap(Address::parse).filter(value -> value.family() == family);
        if (text.isPresent() && address.isEmpty()) {
            problem("%s %s is no %s address: want one in the network"
                    .formatted(name(field), Shown.text(text.get()), familyName(family)));
        }
        return address.orElse(null);
    }

    String name(String field) {
        return path + Shown.text(field);
    }

    /** The names of the object's fields. */
    List<String> fields() {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The fields that nobody asked for, here and in the children, each with what may have been meant. */
    List<String> ignored() {
        var ignored = new ArrayList<String>();
        for (String field : fields()) {
            if (!known.contains(field)) {
                String meant = known.stream()
                        .filter(field::equalsIgnoreCase)
                        .findFirst()
                        .map(name -> ": did you mean " + name(name) + "?")
                        .orElse("");
                ignored.add(name(field) + " has no effect here" + meant);
            }
        }
        children.forEach(child -> ignored.addAll(child.ignored()));
        return ignored;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    int problemCount() {
        return problems.size();
    }

    void problem(String problem) {
        problems.add(problem);
    }

    private void wrong(String field, JsonNode value, String wanted) {
        problem("%s %s is wrong: want %s".formatted(name(field), Shown.text(value.toString()), wanted));
    }

    private static String familyName(Family family) {
        return family == Family.IPV4 ? "IPv4" : "IPv6";
    }
}

package dev.flannelx.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A Grafana dashboard as it ships. */
record Dashboard(String name, JsonNode json) {
    private static final Path FOLDER = Path.of("grafana");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_][a-z0-9_]*)\\{([^}]*)}");

    /** A panel that shows something: all but the headlines between them. */
    record Panel(String dashboard, JsonNode json) {
        String title() {
            return json.path("title").asText();
        }

        /** Its unit, as Grafana spells it. */
        String unit() {
            return json.at("/fieldConfig/defaults/unit").asText();
        }

        List<Target> targets() {
            return stream(json.path("targets"))
                    .map(target -> new Target(this, target))
                    .toList();
        }

        @Override
        public String toString() {
            return dashboard + ": " + title();
        }
    }

    /** One of a panel's queries. */
    record Target(Panel panel, JsonNode json) {
        String expression() {
            return json.path("expr").asText();
        }

        /** The selectors in it, as {@code name{matchers}}. */
        List<MatchResult> selectors() {
            return SELECTOR.matcher(expression()).results().toList();
        }

        @Override
        public String toString() {
            return panel + ": " + expression();
        }
    }

    static List<Dashboard> all() throws IOException {
        return List.of(read("overview"), read("node"));
    }

    private static Dashboard read(String name) throws IOException {
        return new Dashboard(
                name, new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile()));
    }

    String uid() {
        return json.path("uid").asText();
    }

    List<Panel> panels() {
        return stream(json.path("panels"))
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .map(panel -> new Panel(name, panel))
                .toList();
    }

    List<Target> targets() {
        return panels().stream().flatMap(panel -> panel.targets().stream()).toList();
    }

    List<JsonNode> variables() {
        return stream(json.at("/templating/list")).toList();
    }

    List<JsonNode> links() {
        return stream(json.path("links")).toList();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}

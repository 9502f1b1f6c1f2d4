package dev.flannelx.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The PrometheusRule as it ships. Its spec is what Prometheus itself reads as a file of rules. */
record AlertRules(JsonNode spec) {
    private static final Path FILE = Path.of("k8s/overlays/monitoring/prometheusrule.yaml");

    /** One alert. */
    record Alert(JsonNode json) {
        String name() {
            return json.path("alert").asText();
        }

        String expression() {
            return json.path("expr").asText();
        }

        String annotation(String name) {
            return json.path("annotations").path(name).asText();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    static AlertRules read() throws IOException {
        return new AlertRules(new YAMLMapper().readTree(FILE.toFile()).path("spec"));
    }

    List<Alert> alerts() {
        var alerts = new ArrayList<Alert>();
        for (JsonNode group : spec.path("groups")) {
            group.path("rules").forEach(rule -> alerts.add(new Alert(rule)));
        }
        return alerts;
    }

    /** Writes a file of rules, for Prometheus and promtool. */
    void write(Path file) throws IOException {
        Files.writeString(file, new YAMLMapper().writeValueAsString(spec));
    }
}

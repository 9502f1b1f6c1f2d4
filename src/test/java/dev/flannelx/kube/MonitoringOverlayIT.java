package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code k8s/overlays/monitoring} as kubectl makes it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringOverlayIT {
    private List<JsonNode> objects = List.of();

    @BeforeAll
    void build() throws IOException {
        objects = build("k8s/overlays/monitoring");
    }

    private static List<JsonNode> build(String kustomization) throws IOException {
        ApiServer.Finished built = ApiServer.shared().kubectl("kustomize", kustomization);
        assertThat(built.exitCode()).as(built.toString()).isZero();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(built.stdout())) {
            return documents.readAll();
        }
    }

    private JsonNode object(String kind, String name) {
        return object(objects, kind, name);
    }

    private static JsonNode object(List<JsonNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    @Test
    void thePodMonitorFindsAgentsAndOperators() {
        JsonNode monitor = object("PodMonitor", "flannelx").path("spec");
        Map<String, JsonNode> pods = Map.of(
                "flannelx-agent", object("DaemonSet", "flannelx-agent").at("/spec/template"),
                "flannelx-operator", object("Deployment", "flannelx-operator").at("/spec/template"));

        pods.forEach((job, pod) -> {
            JsonNode labels = pod.at("/metadata/labels");
            monitor.at("/selector/matchLabels")
                    .properties()
                    .forEach(wanted -> assertThat(labels.path(wanted.getKey())).isEqualTo(wanted.getValue()));
            assertThat(labels.path(monitor.path("jobLabel").asText()).asText()).isEqualTo(job);
            assertThat(pod.at("/spec/containers/0/ports/0/name")).isEqualTo(monitor.at("/podMetricsEndpoints/0/port"));
        });
    }

    @Test
    void theDashboardsAreThereForTheSidecar() throws IOException {
        JsonNode map = object("ConfigMap", "flannelx-dashboards");

        assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        for (String name : List.of("overview", "node")) {
            assertThat(map.path("data").path("flannelx-" + name + ".json").asText())
                    .isEqualTo(Files.readString(Path.of("grafana", name + ".json")));
        }
    }

    @Test
    void theImageOfAKustomizationThatNamesItIsThatOfAll() throws IOException {
        String own = OwnKustomization.write("of-an-image", """
                resources: [../../k8s/overlays/monitoring]
                images: [{name: flannelx, newName: registry.example/flannelx, newTag: 0.2.0}]
                """);

        ApiServer.Finished built = ApiServer.shared().kubectl("kustomize", own);

        assertThat(built.stdout().lines().filter(line -> line.contains(" image: ")))
                .hasSize(2)
                .allMatch(line -> line.endsWith(" registry.example/flannelx:0.2.0"));
    }

    @Test
    void itGoesTogetherWithAllowedCommands() throws IOException {
        List<JsonNode> both = build(OwnKustomization.write("of-both", """
                resources: [../../k8s/overlays/monitoring]
                components: [../../k8s/examples/allowed-commands]
                """));

        JsonNode agent = object(both, "DaemonSet", "flannelx-agent").at("/spec/template/spec");
        assertThat(agent.at("/containers/0/args"))
                .extracting(JsonNode::asText)
                .contains("--allowed-commands=/etc/flannelx/allowed-commands");
        assertThat(agent.path("volumes").findValuesAsText("name"))
                .filteredOn(name -> name.startsWith("flannelx-allowed-commands-"))
                .singleElement()
                .satisfies(list -> object(both, "ConfigMap", list));
        assertThat(object(both, "PodMonitor", "flannelx")).isEqualTo(object("PodMonitor", "flannelx"));
    }

    @Test
    void grafanaAloneIsInstalledLikewise() throws IOException {
        ApiServer.Finished alone = ApiServer.shared().kubectl("kustomize", "grafana");

        assertThat(new YAMLMapper().readTree(alone.stdout())).isEqualTo(object("ConfigMap", "flannelx-dashboards"));
    }
}

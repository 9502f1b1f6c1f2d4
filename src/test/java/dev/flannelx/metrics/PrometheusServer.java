package dev.flannelx.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flannelx.lab.api.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's Prometheus, on loopback and in a folder of its own, that scrapes every second. */
final class PrometheusServer implements AutoCloseable {
    /** What it is to scrape; {@code instance} as the PodMonitor names it, after the node. */
    record Target(String job, String instance, int port) {}

    /** One series of an answer. */
    record Sample(JsonNode labels, double value) {
        String label(String name) {
            return labels.path(name).asText();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Path log;
    private final URI address;
    private final Process process;

    /** Starts one with these targets and the shipped rules. */
    PrometheusServer(Path folder, List<Target> targets) throws IOException {
        int port = Ports.free();
        address = URI.create("http://127.0.0.1:" + port);
        log = folder.resolve("log");
        AlertRules.read().write(folder.resolve("rules.yaml"));
        Files.writeString(folder.resolve("prometheus.yaml"), configuration(targets));
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yaml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    private static String configuration(List<Target> targets) {
        var text = new StringBuilder("""
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files: [rules.yaml]
                scrape_configs:
                """);
        targets.stream().map(Target::job).distinct().forEach(job -> {
            text.append("- job_name: %s\n  metrics_path: /q/metrics\n  static_configs:\n".formatted(job));
            targets.stream()
                    .filter(target -> target.job().equals(job))
                    .forEach(target -> text.append("  - {targets: ['127.0.0.1:%d'], labels: {instance: %s}}\n"
                            .formatted(target.port(), target.instance())));
        });
        return text.toString();
    }

    void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError(Files.readString(log));
            }
            return get("/-/ready").statusCode() == 200;
        });
    }

    /** What a query gives now. */
    List<Sample> query(String expression) throws IOException, InterruptedException {
        return query(expression, Instant.now());
    }

    /**
     * What a query gives at a moment.
     *
     * @throws IOException if Prometheus does not take the query
     */
    List<Sample> query(String expression, Instant at) throws IOException, InterruptedException {
        var answer =
                get("/api/v1/query?time=" + at + "&query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonNode body = json.readTree(answer.body());
        if (answer.statusCode() != 200) {
            throw new IOException(expression + ": " + body.path("error").asText());
        }
        var samples = new ArrayList<Sample>();
        for (JsonNode result : body.at("/data/result")) {
            samples.add(new Sample(
                    result.path("metric"), value(result.path("value").path(1).asText())));
        }
        return samples;
    }

    /** The groups of rules that it evaluates, each alert with its state. */
    JsonNode rules() throws IOException, InterruptedException {
        return json.readTree(get("/api/v1/rules").body()).at("/data/groups");
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

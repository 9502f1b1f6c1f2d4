package dev.flannelx.network;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person keeps a network in: a FlannelNetwork as YAML (other documents beside it are passed over) or JSON,
 * flannel's own net-conf.json, or a ConfigMap that holds one.
 *
 * @param name of the network
 * @param spec as a FlannelNetwork has it
 * @param advice what was passed over on the way
 */
public record NetworkFile(String name, JsonNode spec, List<String> advice) {
    private static final String KIND = "FlannelNetwork";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    public NetworkFile {
        advice = List.copyOf(advice);
    }

    /** What became of a file. */
    public sealed interface Parsed {
        record Found(NetworkFile file) implements Parsed {}

        /** {@code problem} has the line and column, where the parser knows them. */
        record Unreadable(String problem) implements Parsed {}
    }

    /**
     * Reads a file's text.
     *
     * @param fallbackName for flannel's own format, which has no name
     */
    public static Parsed parse(String text, String fallbackName) {
        try {
            if (text.stripLeading().startsWith("{")) {
                return of(List.of(JSON.readTree(text)), fallbackName);
            }
            try (MappingIterator<JsonNode> documents =
                    YAML.readerFor(JsonNode.class).readValues(text)) {
                return of(documents.readAll(), fallbackName);
            }
        } catch (JsonProcessingException e) {
            return new Parsed.Unreadable(describe(e));
        } catch (IOException e) {
            return new Parsed.Unreadable(e.toString());
        }
    }

    /** Decodes the network. */
    public Decoded decode() {
        return NetworkDecoder.decode(name, spec);
    }

    private static Parsed of(List<JsonNode> documents, String fallbackName) {
        var found = new ArrayList<NetworkFile>();
        for (JsonNode document : documents) {
            String kind = document.path("kind").asText();
            String name = document.path("metadata").path("name").asText(fallbackName);
            if (kind.equals(KIND)) {
                found.add(new NetworkFile(name, document.path("spec"), List.of()));
            } else if (kind.equals("ConfigMap")) {
                Parsed inner = ofConfigMap(document, name);
                if (inner instanceof Parsed.Found(NetworkFile file)) {
                    found.add(file);
                } else {
                    return inner;
                }
            } else if (document.isObject() && NetConf.isNetConf(document)) {
                found.add(ofNetConf(document, fallbackName));
            }
        }
        return found.size() == 1
                ? new Parsed.Found(found.getFirst())
                : new Parsed.Unreadable(
                        "%d networks in it: want one FlannelNetwork or one flannel configuration (an object with Network and Backend)"
                                .formatted(found.size()));
    }

    private static Parsed ofConfigMap(JsonNode configMap, String name) {
        JsonNode text = configMap.path("data").path("net-conf.json");
        if (!text.isTextual()) {
            return new Parsed.Unreadable("ConfigMap " + name + " has no data named net-conf.json");
        }
        return parse(text.textValue(), name);
    }

    private static NetworkFile ofNetConf(JsonNode conf, String name) {
        var unknown = new ArrayList<String>();
        ObjectNode spec = NetConf.toSpec(conf, unknown);
        return new NetworkFile(
                name,
                spec,
                unknown.stream()
                        .map(key -> key + " has no meaning here: left out")
                        .toList());
    }

    private static String describe(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null
                ? e.getOriginalMessage()
                : "line %d, column %d: %s"
                        .formatted(
                                location.getLineNr(),
                                location.getColumnNr(),
                                e.getOriginalMessage().lines().findFirst().orElse(""));
    }
}

package dev.flannelx.network;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a person keeps a network in: a FlannelNetwork as YAML (other documents beside it are passed over) or JSON,
 * flannel's own net-conf.json, or a ConfigMap that holds one.
 *
 * @param name of the network
 * @param spec as a FlannelNetwork has it
 * @param advice what was passed over on the way, and what has no effect
 */
public record NetworkFile(String name, JsonNode spec, List<String> advice) {
    private static final String API_VERSION = "flannelx.dev/v1alpha1";
    private static final String KIND = "FlannelNetwork";
    private static final String NET_CONF = "net-conf.json";
    private static final String WANTED = "one FlannelNetwork, or one flannel configuration with Network and Backend";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** SnakeYAML tells the context and where it began, then the problem and where that is. */
    private static final Pattern YAML_PLACE = Pattern.compile("(.+)\\R in .*, line ([0-9]+), column ([0-9]+):");

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
            List<JsonNode> documents =
                    text.stripLeading().startsWith("{") ? List.of(JSON.readTree(text)) : yamlDocuments(text);
            return onlyOne(networksIn(documents, fallbackName));
        } catch (JsonProcessingException e) {
            return new Parsed.Unreadable(describe(e));
        } catch (IOException e) {
            return new Parsed.Unreadable("cannot be read: " + e.getMessage());
        }
    }

    /** Decodes the network. */
    public Decoded decode() {
        return NetworkDecoder.decode(name, spec);
    }

    private static List<JsonNode> yamlDocuments(String text) throws IOException {
        refuseAliases(text);
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return documents.readAll();
        }
    }

    /** Jackson reads an alias as its own name: better no network than one that says something else. */
    private static void refuseAliases(String text) throws IOException {
        try (YAMLParser parser = YAML.getFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw new JacksonYAMLParseException(parser, "an alias (*) is not understood: write it out", null);
                }
            }
        }
    }

    private static List<Parsed> networksIn(List<JsonNode> documents, String fallbackName) {
        var found = new ArrayList<Parsed>();
        for (JsonNode document : documents) {
            String kind = document.path("kind").asText();
            if (kind.equals(KIND)) {
                found.add(ofResource(document));
            } else if (kind.endsWith("List")) {
                var items = new ArrayList<JsonNode>();
                document.path("items").forEach(items::add);
                found.addAll(networksIn(items, fallbackName));
            } else if (kind.equals("ConfigMap") && document.path("data").has(NET_CONF)) {
                found.add(ofConfigMap(document, fallbackName));
            } else if (document.isObject() && NetConf.isNetConf(document)) {
                found.add(ofNetConf(document, fallbackName));
            }
        }
        return found;
    }

    private static Parsed onlyOne(List<Parsed> found) {
        return found.size() == 1
                ? found.getFirst()
                : new Parsed.Unreadable("%s networks in it: want %s"
                        .formatted(found.isEmpty() ? "no" : Integer.toString(found.size()), WANTED));
    }

    private static Parsed ofResource(JsonNode resource) {
        JsonNode version = resource.path("apiVersion");
        JsonNode name = resource.path("metadata").path("name");
        if (!version.asText().equals(API_VERSION)) {
            return new Parsed.Unreadable("apiVersion %s is unknown: want %s".formatted(version.asText(), API_VERSION));
        }
        if (!name.isTextual()) {
            return new Parsed.Unreadable("metadata.name is missing: want the network's name");
        }
        JsonNode spec = resource.path("spec");
        return new Parsed.Found(new NetworkFile(name.textValue(), spec, NetworkDecoder.ignoredFields(spec)));
    }

    private static Parsed ofConfigMap(JsonNode configMap, String fallbackName) {
        String name = configMap.path("metadata").path("name").asText(fallbackName);
        return switch (parse(configMap.path("data").path(NET_CONF).asText(), name)) {
            case Parsed.Found found -> found;
            case Parsed.Unreadable(String problem) ->
                new Parsed.Unreadable("%s of ConfigMap %s: %s".formatted(NET_CONF, name, problem));
        };
    }

    private static Parsed ofNetConf(JsonNode document, String name) {
        NetConf conf = NetConf.read(document);
        return conf.problems().isEmpty()
                ? new Parsed.Found(new NetworkFile(name, conf.spec(), conf.advice()))
                : new Parsed.Unreadable(String.join("; ", conf.problems()));
    }

    private static String describe(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        List<String> places = YAML_PLACE
                .matcher(message)
                .results()
                .map(place -> at(place.group(2), place.group(3), place.group(1)))
                .toList();
        if (!places.isEmpty()) {
            return places.getLast();
        }
        JsonLocation location = e.getLocation();
        String first = message.lines().findFirst().orElse("is not understood");
        return location == null ? first : at(location.getLineNr(), location.getColumnNr(), first);
    }

    private static String at(Object line, Object column, String problem) {
        return "line %s, column %s: %s".formatted(line, column, problem);
    }
}

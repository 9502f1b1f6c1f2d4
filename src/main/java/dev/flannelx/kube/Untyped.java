package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/** The parts of a resource that was read as untyped JSON. */
public final class Untyped {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Untyped() {}

    /** A top-level field; a missing node where there is none. */
    public static JsonNode part(GenericKubernetesResource resource, String field) {
        JsonNode part = MAPPER.valueToTree(resource.getAdditionalProperties().get(field));
        return part == null || part.isNull() ? MAPPER.missingNode() : part;
    }

    /** A top-level field as an object of that type; empty where it is missing, or does not fit. */
    public static <T> Optional<T> read(GenericKubernetesResource resource, String field, Class<T> type) {
        try {
            return Optional.ofNullable(
                    MAPPER.convertValue(resource.getAdditionalProperties().get(field), type));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A field that should be text; empty where it is missing or something else. */
    public static String text(JsonNode object, String field) {
        return object.path(field).isTextual() ? object.path(field).textValue() : "";
    }

    /**
     * The status of the condition of that type: {@code True}, {@code False}, {@code Unknown}; empty where there is none.
     *
     * @param status a resource's {@code status}
     */
    public static String condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (text(condition, "type").equals(type)) {
                return text(condition, "status");
            }
        }
        return "";
    }

    /** Whether there is a condition of that type, and it is {@code True}. */
    public static boolean isTrue(JsonNode status, String type) {
        return condition(status, type).equals("True");
    }
}

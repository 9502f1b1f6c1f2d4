package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** The parts of a resource that was read as untyped JSON. */
final class Untyped {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Untyped() {}

    /** A top-level field; a missing node where there is none. */
    static JsonNode part(GenericKubernetesResource resource, String field) {
        JsonNode part = MAPPER.valueToTree(resource.getAdditionalProperties().get(field));
        return part == null || part.isNull() ? MAPPER.missingNode() : part;
    }
}

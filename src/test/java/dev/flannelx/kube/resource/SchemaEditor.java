package dev.flannelx.kube.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.Arrays;
import java.util.List;

/** One object of a schema, to be added to. */
record SchemaEditor(JSONSchemaProps props) {
    SchemaEditor at(String field) {
        JSONSchemaProps child = props.getProperties().get(field);
        if (child == null) {
            throw new IllegalStateException(
                    "no field " + field + " among " + props.getProperties().keySet());
        }
        return new SchemaEditor(child);
    }

    SchemaEditor items() {
        return new SchemaEditor(props.getItems().getSchema());
    }

    SchemaEditor additional() {
        return new SchemaEditor(props.getAdditionalProperties().getSchema());
    }

    SchemaEditor describe(String text) {
        props.setDescription(text);
        return this;
    }

    SchemaEditor require(String... fields) {
        props.setRequired(List.of(fields));
        return this;
    }

    SchemaEditor without(String field) {
        props.getProperties().remove(field);
        return this;
    }

    SchemaEditor rules(ValidationRule... rules) {
        return rules(List.of(rules));
    }

    SchemaEditor rules(List<ValidationRule> rules) {
        props.getXKubernetesValidations().addAll(rules);
        return this;
    }

    SchemaEditor oneOf(String... values) {
        props.setEnum(Arrays.stream(values).<JsonNode>map(TextNode::valueOf).toList());
        return this;
    }

    SchemaEditor emptyByDefault() {
        props.setDefault(JsonNodeFactory.instance.objectNode());
        return this;
    }

    SchemaEditor maxLength(long length) {
        props.setMaxLength(length);
        return this;
    }

    SchemaEditor atMostProperties(long count) {
        props.setMaxProperties(count);
        return this;
    }

    SchemaEditor atMostItems(long count) {
        props.setMaxItems(count);
        return this;
    }

    SchemaEditor format(String format) {
        props.setFormat(format);
        return this;
    }

    SchemaEditor mapKeyedBy(String key) {
        props.setXKubernetesListType("map");
        props.setXKubernetesListMapKeys(List.of(key));
        return this;
    }
}

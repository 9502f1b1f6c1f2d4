package dev.flannelx.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.ip.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * flannel's own configuration, net-conf.json
 * (https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md): keys in any case, as Go reads
 * them; host bits of a network masked, as flannel does.
 */
final class NetConf {
    private static final Map<String, String> FIELDS = Map.of(
            "network", "network",
            "ipv6network", "ipv6Network",
            "subnetlen", "subnetLen",
            "subnetmin", "subnetMin",
            "subnetmax", "subnetMax",
            "ipv6subnetlen", "ipv6SubnetLen",
            "ipv6subnetmin", "ipv6SubnetMin",
            "ipv6subnetmax", "ipv6SubnetMax");

    private static final Map<String, String> BACKEND_FIELDS = Map.of(
            "type", "type",
            "prestartupcommand", "preStartupCommand",
            "poststartupcommand", "postStartupCommand",
            "subnetaddcommand", "subnetAddCommand",
            "subnetremovecommand", "subnetRemoveCommand",
            "shutdowncommand", "shutdownCommand");

    private static final List<String> IPV4_FIELDS = List.of("network", "subnetLen", "subnetMin", "subnetMax");

    private NetConf() {}

    /** A FlannelNetwork's spec. {@code unknown} receives the keys that flannelx has no use for. */
    static ObjectNode toSpec(JsonNode conf, List<String> unknown) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        boolean ipv4 = true;
        boolean ipv6 = false;
        for (var field : conf.properties()) {
            String key = field.getKey().toLowerCase(Locale.ROOT);
            switch (key) {
                case "enableipv4" -> ipv4 = field.getValue().asBoolean();
                case "enableipv6" -> ipv6 = field.getValue().asBoolean();
                case "backend" -> spec.set("backend", rename(field.getValue(), BACKEND_FIELDS, "Backend.", unknown));
                default -> copy(field, FIELDS, spec, "", unknown);
            }
        }
        mask(spec, "network");
        mask(spec, "ipv6Network");
        if (!ipv4) {
            spec.remove(IPV4_FIELDS);
        }
        if (!ipv6) {
            spec.remove(List.of("ipv6Network", "ipv6SubnetLen", "ipv6SubnetMin", "ipv6SubnetMax"));
        }
        return spec;
    }

    private static JsonNode rename(JsonNode object, Map<String, String> names, String path, List<String> unknown) {
        if (!object.isObject()) {
            return object;
        }
        ObjectNode renamed = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(field -> copy(field, names, renamed, path, unknown));
        return renamed;
    }

    private static void copy(
            Map.Entry<String, JsonNode> field,
            Map<String, String> names,
            ObjectNode target,
            String path,
            List<String> unknown) {
        String name = names.get(field.getKey().toLowerCase(Locale.ROOT));
        boolean unset = (field.getValue().isTextual()
                        && field.getValue().textValue().isEmpty())
                || (field.getValue().isIntegralNumber() && field.getValue().intValue() == 0);
        if (name == null) {
            unknown.add(path + field.getKey());
        } else if (!unset) {
            target.set(name, field.getValue());
        }
    }

    private static void mask(ObjectNode spec, String field) {
        Cidr.parse(spec.path(field).asText())
                .ifPresent(cidr -> spec.put(field, cidr.masked().toString()));
    }

    /** Whether a JSON object looks like flannel's rather than a resource. */
    static boolean isNetConf(JsonNode object) {
        var keys = new ArrayList<String>();
        object.fieldNames().forEachRemaining(key -> keys.add(key.toLowerCase(Locale.ROOT)));
        return !keys.contains("apiversion")
                && (keys.contains("network") || keys.contains("ipv6network") || keys.contains("backend"));
    }
}

package dev.flannelx.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * flannel's own configuration, net-conf.json
 * (https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md): keys in any case, as Go reads
 * them; host bits of a network masked, and zero values taken for absent ones, as flannel does.
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
    private static final List<String> IPV6_FIELDS =
            List.of("ipv6Network", "ipv6SubnetLen", "ipv6SubnetMin", "ipv6SubnetMax");

    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final List<String> advice = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private boolean ipv4 = true;
    private boolean ipv6;

    private NetConf() {}

    static NetConf read(JsonNode conf) {
        var result = new NetConf();
        conf.properties().forEach(result::field);
        result.mask("network");
        result.mask("ipv6Network");
        result.drop(result.ipv4, IPV4_FIELDS, "EnableIPv4 is false");
        result.drop(result.ipv6, IPV6_FIELDS, "EnableIPv6 is not true");
        return result;
    }

    /** Whether a JSON object looks like flannel's rather than a resource. */
    static boolean isNetConf(JsonNode object) {
        var keys = new ArrayList<String>();
        object.fieldNames().forEachRemaining(key -> keys.add(lower(key)));
        return !keys.contains("apiversion")
                && (keys.contains("network") || keys.contains("ipv6network") || keys.contains("backend"));
    }

    /** A FlannelNetwork's spec. */
    ObjectNode spec() {
        return spec;
    }

    /** What flannelx has no use for. */
    List<String> advice() {
        return advice;
    }

    /** What flannel itself would not read. */
    List<String> problems() {
        return problems;
    }

    private void field(Map.Entry<String, JsonNode> field) {
        switch (lower(field.getKey())) {
            case "enableipv4" -> ipv4 = flag(field, ipv4);
            case "enableipv6" -> ipv6 = flag(field, ipv6);
            case "backend" -> backend(field.getValue());
            default -> copy(field, FIELDS, spec, "");
        }
    }

    private boolean flag(Map.Entry<String, JsonNode> field, boolean otherwise) {
        if (!field.getValue().isBoolean()) {
            problems.add("%s %s is wrong: want true or false".formatted(field.getKey(), field.getValue()));
            return otherwise;
        }
        return field.getValue().booleanValue();
    }

    private void backend(JsonNode backend) {
        if (backend.isObject()) {
            ObjectNode renamed = spec.putObject("backend");
            backend.properties().forEach(field -> copy(field, BACKEND_FIELDS, renamed, "Backend."));
        } else {
            spec.set("backend", backend);
        }
    }

    private void copy(Map.Entry<String, JsonNode> field, Map<String, String> names, ObjectNode target, String path) {
        String name = names.get(lower(field.getKey()));
        if (name == null) {
            advice.add(path + field.getKey() + " has no meaning here: it is left out");
        } else if (!isZero(field.getValue())) {
            target.set(name, field.getValue());
        }
    }

    private static boolean isZero(JsonNode value) {
        return value.asText().isEmpty()
                || (value.isNumber() && value.asText().equals("0"))
                || Address.parse(value.asText())
                        .filter(address -> address.value().signum() == 0)
                        .isPresent();
    }

    private void mask(String field) {
        Cidr.parse(spec.path(field).asText())
                .ifPresent(cidr -> spec.put(field, cidr.masked().toString()));
    }

    private void drop(boolean enabled, List<String> fields, String reason) {
        for (String field : fields) {
            if (!enabled && spec.remove(field) != null) {
                advice.add("%s is left out: %s".formatted(field, reason));
            }
        }
    }

    private static String lower(String key) {
        return key.toLowerCase(Locale.ROOT);
    }
}

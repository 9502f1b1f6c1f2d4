package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.network.RandomNetworks;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Resources that somebody may write: good ones, and ones in which something somewhere was replaced, removed or added. */
public final class RandomResources {
    /** So many networks share the leases. */
    public static final int NETWORKS = 5;

    /** Half of them are as they should be. */
    private static final int SPOILT_OF_HUNDRED = 50;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "$(reboot)",
            "; rm -rf /",
            "10.0.0.0/8",
            "10.1.2.3",
            "010.1.2.0/24",
            "fd00::/64",
            "::ffff:10.0.0.1",
            "0",
            "-1",
            "null",
            "true",
            "NaN",
            "1e999",
            "2026-01-01",
            "Zürich ☃",
            "line\nbreak",
            "nul\u0000",
            "../../etc/passwd",
            "x".repeat(5000));

    private final Random random;
    private final RandomNetworks networks;
    private int made;

    /**
     * One of them.
     *
     * @param good whether nothing was done to it
     */
    public record Generated(GenericKubernetesResource resource, boolean good) {}

    public RandomResources(long seed) {
        random = new Random(seed);
        networks = new RandomNetworks(seed);
    }

    /** A network that selects no node: one without a selector would have every node that there is. */
    public Generated network() {
        made++;
        ObjectNode spec = networks.next();
        selectNobody(spec);
        boolean good = sparedOrSpoilt(spec);
        JsonNode selector = spec.path("nodeSelector");
        if (selector.isMissingNode() || (selector.isObject() && selector.isEmpty())) {
            selectNobody(spec);
        }
        return generated("FlannelNetwork", "fuzz-network-" + made, "spec", spec, good);
    }

    private static void selectNobody(ObjectNode spec) {
        spec.putObject("nodeSelector").put("nobody", "has-this");
    }

    /** A lease of one of the networks {@code fuzz0}, …, each of its own subnet of 10.0.0.0/8. */
    public Generated lease() {
        made++;
        String network = "fuzz" + random.nextInt(NETWORKS);
        String subnet = "10.%d.%d.0/24".formatted(made / 256, made % 256);
        ObjectNode spec = object().put("network", network)
                .put("nodeName", "node-" + made)
                .put("subnet", subnet)
                .put("publicIP", "192.0.2." + (1 + random.nextInt(254)))
                .put("backendType", "extension")
                .put("acquireTime", "2026-01-02T03:04:05.678901Z");
        if (random.nextBoolean()) {
            spec.put("backendData", "data of " + made + "\n\tmore");
        }
        if (random.nextInt(10) == 0) {
            spec.put("reserved", true);
        }
        return generated(
                "SubnetLease", network + "-" + subnet.replaceAll("[./]", "-"), "spec", spec, sparedOrSpoilt(spec));
    }

    /** What an agent says of its node, in the status of a FlannelNode. */
    public Generated flannelNode() {
        made++;
        ObjectNode status = object().put("renewTime", "2026-01-02T03:04:05.678901Z")
                .put("agentVersion", "1.2.3")
                .put("summary", "1/1");
        List<Phase> phases = List.of(Phase.values());
        Phase phase = phases.get(random.nextInt(phases.size()));
        ObjectNode on = status.putObject("networks").putObject("fuzz" + random.nextInt(NETWORKS));
        on.put("phase", phase.text())
                .put("generation", random.nextInt(10))
                .put("subnet", "10.1.2.0/24")
                .put("ready", random.nextBoolean())
                .put("reason", "PoolExhausted")
                .put("message", "no subnet is free");
        on.putObject("peers").put("desired", 3).put("applied", 2).put("failing", 1);
        on.putArray("failures")
                .addObject()
                .put("hook", "subnetAdd")
                .put("peer", "10.1.3.0/24")
                .put("attempts", 4)
                .put("exitCode", 2)
                .put("message", "it failed");
        return generated("FlannelNode", "fuzz-node-" + made, "status", status, sparedOrSpoilt(status));
    }

    /** Spoils it, or does not; tells which. */
    private boolean sparedOrSpoilt(ObjectNode content) {
        boolean good = random.nextInt(100) >= SPOILT_OF_HUNDRED;
        if (!good) {
            for (int i = 0; i <= random.nextInt(3); i++) {
                spoil(content);
            }
        }
        return good;
    }

    private Generated generated(String kind, String name, String part, ObjectNode content, boolean good) {
        ObjectNode resource =
                object().put("apiVersion", "flannelx.dev/v1alpha1").put("kind", kind);
        resource.putObject("metadata").put("name", name);
        resource.set(part, content);
        return new Generated(Serialization.unmarshal(resource.toString(), GenericKubernetesResource.class), good);
    }

    /** Does something to a field, at whatever depth. */
    private void spoil(ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || random.nextInt(8) == 0) {
            object.set("unheardOf", rubbish());
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        JsonNode value = object.get(name);
        if (value instanceof ObjectNode inner && random.nextInt(4) > 0) {
            spoil(inner);
        } else if (value instanceof ArrayNode array
                && array.get(0) instanceof ObjectNode inner
                && random.nextBoolean()) {
            spoil(inner);
        } else if (random.nextInt(5) == 0) {
            object.remove(name);
        } else {
            object.set(name, rubbish());
        }
    }

    private JsonNode rubbish() {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (random.nextInt(8)) {
            case 0 -> make.numberNode(random.nextLong());
            case 1 -> make.numberNode(random.nextInt(-2, 40));
            case 2 -> make.booleanNode(random.nextBoolean());
            case 3 -> make.arrayNode().add(TEXTS.get(random.nextInt(TEXTS.size())));
            case 4 -> object().put("a", 1);
            default -> make.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}

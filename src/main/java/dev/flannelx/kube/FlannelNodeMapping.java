package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** FlannelNode as the API server keeps it, and {@link SeenFlannelNode}. */
public final class FlannelNodeMapping {
    private FlannelNodeMapping() {}

    /** Reads what somebody wrote. What makes no sense counts as not said. */
    public static SeenFlannelNode seen(GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        String name = Objects.toString(metadata.getName(), "");
        JsonNode status = Untyped.part(resource, "status");
        var networks = new HashMap<String, NetworkStatus>();
        status.path("networks")
                .properties()
                .forEach(field ->
                        status(field.getKey(), field.getValue()).ifPresent(read -> networks.put(field.getKey(), read)));
        return new SeenFlannelNode(
                name,
                Objects.toString(metadata.getUid(), ""),
                ownerUid(metadata, name),
                orders(Untyped.part(resource, "spec")),
                Times.parse(Untyped.text(status, "renewTime")).orElse(null),
                Untyped.text(status, "agentVersion"),
                networks);
    }

    private static String ownerUid(ObjectMeta metadata, String name) {
        return metadata.getOwnerReferences().stream()
                .filter(owner -> NodeOwner.isNode(owner) && name.equals(owner.getName()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse("");
    }

    private static Map<String, NodeOrder> orders(JsonNode spec) {
        var orders = new HashMap<String, NodeOrder>();
        spec.path("networks").properties().forEach(field -> {
            JsonNode generation = field.getValue().path("generation");
            String teardown = Untyped.text(field.getValue(), "teardown");
            orders.put(
                    field.getKey(),
                    new NodeOrder(
                            generation.canConvertToExactIntegral() && generation.canConvertToLong()
                                    ? generation.longValue()
                                    : null,
                            teardown.isEmpty() ? null : teardown));
        });
        return orders;
    }

    private static Optional<NetworkStatus> status(String network, JsonNode said) {
        JsonNode peers = said.path("peers");
        return Stream.of(Phase.values())
                .filter(phase -> phase.text().equals(Untyped.text(said, "phase")))
                .findFirst()
                .map(phase -> new NetworkStatus(
                        network,
                        phase,
                        said.path("generation").asLong(),
                        SubnetText.parse(List.of(Untyped.text(said, "subnet"), Untyped.text(said, "ipv6Subnet"))),
                        said.path("ready").asBoolean(),
                        Untyped.text(said, "reason"),
                        Untyped.text(said, "message"),
                        new NetworkStatus.Peers(
                                peers.path("desired").asInt(),
                                peers.path("applied").asInt(),
                                peers.path("failing").asInt(),
                                0),
                        failures(said.path("failures"))));
    }

    private static List<NetworkStatus.Failure> failures(JsonNode said) {
        var failures = new ArrayList<NetworkStatus.Failure>();
        for (JsonNode failure : said) {
            JsonNode exitCode = failure.path("exitCode");
            failures.add(new NetworkStatus.Failure(
                    Untyped.text(failure, "hook"),
                    SubnetText.parse(List.of(Untyped.text(failure, "peer").split(",", -1))),
                    failure.path("attempts").asInt(),
                    exitCode.isInt() ? exitCode.intValue() : null,
                    Untyped.text(failure, "message")));
        }
        return failures;
    }
}

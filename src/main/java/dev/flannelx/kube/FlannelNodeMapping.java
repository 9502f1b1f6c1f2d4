package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.kube.resource.FlannelNodeStatus;
import dev.flannelx.kube.resource.FlannelNodeStatus.HookFailure;
import dev.flannelx.kube.resource.FlannelNodeStatus.OnNetwork;
import dev.flannelx.kube.resource.FlannelNodeStatus.PeerCounts;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** FlannelNode as the API server keeps it, and {@link SeenFlannelNode}. */
public final class FlannelNodeMapping {
    private static final int LONGEST_MESSAGE = 1024;

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
                NodeOwner.uid(metadata, name),
                orders(Untyped.part(resource, "spec")),
                Times.parse(Untyped.text(status, "renewTime")).orElse(null),
                Untyped.text(status, "agentVersion"),
                networks);
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

    /** What an agent says. */
    static FlannelNodeStatus status(Instant renewTime, String agentVersion, Collection<NetworkStatus> networks) {
        var byName = new TreeMap<String, OnNetwork>();
        networks.forEach(network -> byName.put(network.network(), onNetwork(network)));
        long ready = networks.stream().filter(NetworkStatus::ready).count();
        return new FlannelNodeStatus(Times.micro(renewTime), agentVersion, ready + "/" + networks.size(), byName);
    }

    private static OnNetwork onNetwork(NetworkStatus status) {
        Subnet subnet = status.subnet();
        return new OnNetwork(
                status.phase().text(),
                status.generation(),
                subnet == null || subnet.ipv4() == null ? null : subnet.ipv4().toString(),
                subnet == null || subnet.ipv6() == null ? null : subnet.ipv6().toString(),
                status.ready(),
                shown(status.reason()),
                shown(status.message()),
                new PeerCounts(
                        status.peers().desired(),
                        status.peers().applied(),
                        status.peers().failing()),
                status.failures().isEmpty()
                        ? null
                        : status.failures().stream()
                                .map(FlannelNodeMapping::failure)
                                .toList());
    }

    private static HookFailure failure(NetworkStatus.Failure failure) {
        return new HookFailure(
                failure.hook(),
                failure.peer() == null ? null : failure.peer().toString(),
                failure.attempts(),
                failure.exitCode(),
                Shown.text(failure.message(), LONGEST_MESSAGE));
    }

    private static @Nullable String shown(String text) {
        return text.isEmpty() ? null : Shown.text(text, LONGEST_MESSAGE);
    }
}

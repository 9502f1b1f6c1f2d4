package dev.flannelx.app.status;

import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network, and what the operator says of it.
 *
 * @param status null where it has said nothing yet
 * @param older the network that it must stand back behind, or null
 */
record NetworkState(
        SeenNetwork seen,
        @Nullable FlannelNetworkStatus status,
        @Nullable String older) {

    String name() {
        return seen.name();
    }

    /** What it is to be, where that makes sense. */
    Optional<Network> spec() {
        return seen.decoded() instanceof Decoded.Valid(Network network) ? Optional.of(network) : Optional.empty();
    }

    /** Whether a node with those labels is to join it. */
    boolean selects(Map<String, String> labels) {
        return older == null
                && !seen.deleted()
                && spec().filter(network -> network.selects(labels)).isPresent();
    }

    /** Its address ranges, or a dash where there is no telling. */
    String ranges() {
        return spec().map(network -> Stream.concat(network.ipv4Network().stream(), network.ipv6Network().stream())
                        .map(Object::toString)
                        .collect(Collectors.joining(",")))
                .orElse("-");
    }

    /** Whether the operator has looked at the spec as it is. */
    boolean isObserved() {
        return status != null && Objects.equals(status.observedGeneration(), seen.generation());
    }

    boolean is(Aspect aspect) {
        return status != null && status.isTrue(aspect.text());
    }

    boolean hasReason(Aspect aspect, String reason) {
        return condition(aspect)
                .filter(condition -> reason.equals(condition.getReason()))
                .isPresent();
    }

    /** What the condition says to a person; empty where there is none. */
    String message(Aspect aspect) {
        return condition(aspect)
                .map(condition -> Objects.toString(condition.getMessage(), ""))
                .orElse("");
    }

    private Optional<Condition> condition(Aspect aspect) {
        return Optional.ofNullable(status).flatMap(said -> said.condition(aspect.text()));
    }
}

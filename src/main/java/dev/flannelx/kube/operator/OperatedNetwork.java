package dev.flannelx.kube.operator;

import dev.flannelx.kube.NetworkMapping;
import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import dev.flannelx.reconcile.operator.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A FlannelNetwork as the operator needs it.
 *
 * @param version of the resource
 * @param holdsFinalizer whether its deletion waits for the operator
 * @param status null where there is none, or none that makes sense
 */
record OperatedNetwork(
        SeenNetwork seen,
        String version,
        boolean holdsFinalizer,
        @Nullable FlannelNetworkStatus status) {

    static OperatedNetwork of(GenericKubernetesResource resource) {
        return new OperatedNetwork(
                NetworkMapping.seen(resource),
                Objects.toString(resource.getMetadata().getResourceVersion(), ""),
                resource.getMetadata().getFinalizers().contains(FlannelNetwork.FINALIZER),
                NetworkMapping.status(resource).orElse(null));
    }

    /** What the status says about the progress of the latest generation, or null. */
    @Nullable
    Progress progress() {
        return condition(Aspect.PROGRESSING.text())
                .filter(condition -> Objects.equals(condition.getObservedGeneration(), seen.generation()))
                .flatMap(OperatedNetwork::progress)
                .orElse(null);
    }

    /** The condition of that type, where there is one. */
    Optional<Condition> condition(String type) {
        return Optional.ofNullable(status).flatMap(said -> said.condition(type));
    }

    private static Optional<Progress> progress(Condition condition) {
        return Stream.of(Progress.State.values())
                .filter(state -> state.text().equals(condition.getReason()))
                .map(state -> new Progress(state, Objects.toString(condition.getMessage(), "")))
                .findFirst();
    }
}

package dev.flannelx.kube;

import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.network.NetworkDecoder;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** FlannelNetwork as the API server keeps it, and {@link SeenNetwork}. */
public final class NetworkMapping {
    private NetworkMapping() {}

    /** What the operator says of it; empty where that is nothing, or makes no sense. */
    public static Optional<FlannelNetworkStatus> status(GenericKubernetesResource resource) {
        return Untyped.read(resource, "status", FlannelNetworkStatus.class);
    }

    /** Reads what somebody wrote. A spec that makes no sense is an invalid one. */
    public static SeenNetwork seen(GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        String name = Objects.toString(metadata.getName(), "");
        Map<String, String> annotations = metadata.getAnnotations();
        return new SeenNetwork(
                name,
                Objects.toString(metadata.getUid(), ""),
                metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
                Times.parse(metadata.getCreationTimestamp()).orElse(Instant.EPOCH),
                annotations != null && "true".equals(annotations.get(FlannelNetwork.PAUSED)),
                Untyped.isTrue(Untyped.part(resource, "status"), Aspect.TEARING_DOWN.text()),
                metadata.getDeletionTimestamp() != null,
                NetworkDecoder.decode(name, Untyped.part(resource, "spec")));
    }
}

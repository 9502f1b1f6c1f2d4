package dev.flannelx.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NodeHealth;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Node as the API server keeps it, and {@link SeenNode}. */
public final class NodeMapping {
    private NodeMapping() {}

    /** Reads what is there. */
    public static SeenNode seen(GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        JsonNode status = Untyped.part(resource, "status");
        return new SeenNode(
                Objects.toString(metadata.getName(), ""),
                Objects.toString(metadata.getUid(), ""),
                metadata.getLabels() == null ? Map.of() : metadata.getLabels(),
                podSubnet(Untyped.part(resource, "spec")),
                health(Untyped.condition(status, "Ready")),
                Untyped.isTrue(status, "NetworkUnavailable"));
    }

    private static NodeHealth health(String ready) {
        return switch (ready) {
            case "True" -> NodeHealth.READY;
            case "Unknown" -> NodeHealth.SILENT;
            default -> NodeHealth.NOT_READY;
        };
    }

    private static @Nullable Subnet podSubnet(JsonNode spec) {
        var texts = new ArrayList<String>();
        spec.path("podCIDRs").forEach(text -> texts.add(text.asText()));
        return SubnetText.parse(texts);
    }
}

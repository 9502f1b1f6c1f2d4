package dev.flannelx.kube.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A FlannelNode's {@code spec}, written by the operator only. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FlannelNodeSpec(
        @JsonPropertyDescription("By the name of a network, what this node may and must do about it.") @Nullable
        Map<String, NodeOrder> networks) {

    public static final FlannelNodeSpec EMPTY = new FlannelNodeSpec(Map.of());

    public FlannelNodeSpec {
        networks = networks == null ? Map.of() : Map.copyOf(networks);
    }

    @Override
    public Map<String, NodeOrder> networks() {
        return networks == null ? Map.of() : networks;
    }

    /** {@code spec.networks[name]}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodeOrder(
            @JsonPropertyDescription("The generation of the network whose spec may take effect here.") @Min(0) @Nullable
            Long generation,

            @JsonPropertyDescription("The uid of a network to take down here.")
            @Size(max = Schemas.UID_LENGTH)
            @Nullable
            String teardown) {}
}

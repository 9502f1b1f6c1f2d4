package dev.flannelx.kube.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A FlannelNetwork's {@code spec} as its schema has it. What it means, and what the schema cannot hold it to, is
 * {@link dev.flannelx.network.NetworkDecoder}'s to say.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FlannelNetworkSpec(
        @JsonPropertyDescription(
                "The IPv4 network that nodes get their subnets from, as 10.50.0.0/16: host bits zero, at"
                        + " most /28. Immutable, and neither added nor dropped later.")
        @Size(max = Schemas.IPV4_CIDR_LENGTH)
        @Nullable
        String network,

        @JsonPropertyDescription(
                "The IPv6 network that nodes get their subnets from, as fd00:50::/48: host bits zero, at"
                        + " most /124. Immutable, and neither added nor dropped later.")
        @Size(max = Schemas.IPV6_CIDR_LENGTH)
        @Nullable
        String ipv6Network,

        @JsonPropertyDescription(
                "The prefix length of a node's IPv4 subnet: from the network's prefix + 2 to 30. Left out,"
                        + " it is 24, or the network's prefix + 2 where that is longer. Immutable.")
        @Min(2)
        @Max(30)
        @Nullable
        Integer subnetLen,

        @JsonPropertyDescription(
                "The address of the first IPv4 subnet to hand out, on a subnet boundary. Left out, it is"
                        + " the network's second subnet.")
        @Size(max = Schemas.IPV4_LENGTH)
        @Nullable
        String subnetMin,

        @JsonPropertyDescription(
                "The address of the last IPv4 subnet to hand out, on a subnet boundary. Left out, it is the"
                        + " network's last subnet.")
        @Size(max = Schemas.IPV4_LENGTH)
        @Nullable
        String subnetMax,

        @JsonPropertyDescription("The prefix length of a node's IPv6 subnet: from the network's prefix + 2 to 126. Left"
                + " out, it is 64, or the network's prefix + 2 where that is longer. Immutable.")
        @Min(2)
        @Max(126)
        @Nullable
        Integer ipv6SubnetLen,

        @JsonPropertyDescription(
                "The address of the first IPv6 subnet to hand out, on a subnet boundary. Left out, it is"
                        + " the network's second subnet.")
        @Size(max = Schemas.IPV6_LENGTH)
        @Nullable
        String ipv6SubnetMin,

        @JsonPropertyDescription(
                "The address of the last IPv6 subnet to hand out, on a subnet boundary. Left out, it is the"
                        + " network's last subnet.")
        @Size(max = Schemas.IPV6_LENGTH)
        @Nullable
        String ipv6SubnetMax,

        @JsonPropertyDescription("Where a node's subnet comes from: Pool, flannelx allocates it; NodePodCIDR, it is the"
                + " Node's spec.podCIDRs of the network's families, and the rules about lengths, first and last do not apply"
                + " to it.")
        @Default("Pool")
        @Nullable
        String subnetSource,

        @JsonPropertyDescription("How long a node may be NotReady and silent before the operator deletes its lease.")
        @Default("24h")
        @Pattern(Schemas.POSITIVE_DURATION)
        @Size(max = Schemas.DURATION_LENGTH)
        @Nullable
        String leaseDuration,

        @JsonPropertyDescription("Labels of the Nodes that join; left out, all do. A Node that stops matching takes the"
                + " network down.")
        @Nullable
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("How a change of the commands goes from node to node.") @Nullable
        RolloutSpec rollout,

        @JsonPropertyDescription(
                "How long removals wait when half of all peers, and at least two, vanish within a minute:"
                        + " an accident with the API must not cut the data plane.")
        @Default("5m")
        @Pattern(Schemas.DURATION)
        @Size(max = Schemas.DURATION_LENGTH)
        @Nullable
        String removalGrace,

        @JsonPropertyDescription("How long the deletion of the network waits for nodes that do not answer.")
        @Default("5m")
        @Pattern(Schemas.DURATION)
        @Size(max = Schemas.DURATION_LENGTH)
        @Nullable
        String teardownTimeout,

        @JsonPropertyDescription("The commands, and how they are run.") @Required
        BackendSpec backend) {

    /** {@code spec.rollout}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RolloutSpec(
            @JsonPropertyDescription("How many ready nodes may be unavailable at once for it: a count from 1, or a"
                    + " percentage from 1% to 100%.")
            @Default("1")
            io.fabric8.kubernetes.api.model.@Nullable IntOrString maxUnavailable,

            @JsonPropertyDescription(
                    "How long a node may take to be ready with the new commands before the roll-out halts.")
            @Default("5m")
            @Pattern(Schemas.POSITIVE_DURATION)
            @Size(max = Schemas.DURATION_LENGTH)
            @Nullable
            String timeout) {}
}

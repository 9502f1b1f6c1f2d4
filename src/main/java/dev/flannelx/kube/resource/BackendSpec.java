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
import org.jspecify.annotations.Nullable;

/** A FlannelNetwork's {@code spec.backend} as its schema has it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackendSpec(
        @JsonPropertyDescription("extension.") @Required String type,

        @JsonPropertyDescription(
                "Run by sh -c before the node has a subnet. What it prints is handed to the other nodes as"
                        + " this node's data.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String preStartupCommand,

        @JsonPropertyDescription("Run by sh -c once the node has its subnet ($SUBNET, $IPV6SUBNET).")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String postStartupCommand,

        @JsonPropertyDescription("Run by sh -c for each other node: $SUBNET, $IPV6SUBNET, $PUBLIC_IP, $PUBLIC_IPV6 and"
                + " $NODE are that node's, and its data is on stdin.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String subnetAddCommand,

        @JsonPropertyDescription("Run by sh -c for a node that went, with the variables and the stdin of its add.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String subnetRemoveCommand,

        @JsonPropertyDescription("Run by sh -c when the node leaves the network, after the removes.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String shutdownCommand,

        @JsonPropertyDescription(
                "Run by sh -c every checkPeriod for each other node, with the variables and the stdin of its"
                        + " add: exit 0 says that it is in place, 1 to 125 that it is gone and has to be added again.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String subnetCheckCommand,

        @JsonPropertyDescription(
                "Run by sh -c at every start of the agent and every checkPeriod: exit 0 says that the node's"
                        + " own part is in place, 1 to 125 that it is gone and everything has to be set up again.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String startupCheckCommand,

        @JsonPropertyDescription(
                "Run by sh -c in place of add and remove for all that is due, with one line each on stdin,"
                        + " tab-separated, - for an empty field: add|remove SUBNET IPV6SUBNET PUBLIC_IP PUBLIC_IPV6 NODE"
                        + " base64(data). It must be repeatable.")
        @Pattern(Schemas.NOT_BLANK)
        @Size(max = Schemas.COMMAND_LENGTH)
        @Nullable
        String subnetBatchCommand,

        @JsonPropertyDescription("How long one run of a command may take before it is ended.")
        @Default("30s")
        @Pattern(Schemas.POSITIVE_DURATION)
        @Size(max = Schemas.DURATION_LENGTH)
        @Nullable
        String timeout,

        @JsonPropertyDescription(
                "The time between two checks of one peer. Checks take at most a tenth of the time, so with"
                        + " many peers it stretches.")
        @Default("60s")
        @Pattern(Schemas.POSITIVE_DURATION)
        @Size(max = Schemas.DURATION_LENGTH)
        @Nullable
        String checkPeriod,

        @JsonPropertyDescription("How many commands run at once.") @Default("1") @Min(1) @Max(256) @Nullable
        Integer parallelism,

        @JsonPropertyDescription("How failed commands are tried again: after a random time up to a bound that doubles.")
        @Nullable
        RetrySpec retry,

        @JsonPropertyDescription(
                "The MTU for subnet.env and CNI; left out, that of the node's interface less mtuOverhead.")
        @Min(68)
        @Max(65_535)
        @Nullable
        Integer mtu,

        @JsonPropertyDescription("What the backend adds to each packet, in bytes.")
        @Default("0")
        @Min(0)
        @Max(65_535)
        @Nullable
        Integer mtuOverhead) {

    /** {@code spec.backend.retry}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RetrySpec(
            @JsonPropertyDescription("The first bound.")
            @Default("1s")
            @Pattern(Schemas.POSITIVE_DURATION)
            @Size(max = Schemas.DURATION_LENGTH)
            @Nullable
            String initialDelay,

            @JsonPropertyDescription("The last bound.")
            @Default("60s")
            @Pattern(Schemas.POSITIVE_DURATION)
            @Size(max = Schemas.DURATION_LENGTH)
            @Nullable
            String maxDelay) {}
}

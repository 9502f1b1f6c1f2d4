package dev.flannelx.kube.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A FlannelNode's {@code status}, written by the node's agent only. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FlannelNodeStatus(
        @JsonPropertyDescription("The agent's last sign of life, by its own clock.") @Nullable
        String renewTime,

        @JsonPropertyDescription("The agent's version.") @Nullable
        String agentVersion,

        @JsonPropertyDescription("How many networks are ready here, of how many, as a column shows it.") @Nullable
        String summary,

        @JsonPropertyDescription("By the name of a network, where the node stands with it.") @Nullable
        Map<String, OnNetwork> networks) {

    /** {@code status.networks[name]}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record OnNetwork(
            @JsonPropertyDescription(
                    "Preparing (running preStartup), Claiming (getting its subnet), Configuring (running"
                            + " postStartup), Active, Paused, Refused, TearingDown.")
            String phase,

            @JsonPropertyDescription("The generation of the spec in effect here; 0 before any.")
            long generation,

            @JsonPropertyDescription("The node's IPv4 subnet.") @Nullable
            String subnet,

            @JsonPropertyDescription("The node's IPv6 subnet.") @Nullable
            String ipv6Subnet,

            @JsonPropertyDescription("subnet.env is written, every peer was tried once, and the lease is this node's.")
            boolean ready,

            @JsonPropertyDescription("One word for what is out of the ordinary.") @Nullable
            String reason,

            @JsonPropertyDescription("The same for a person.") @Nullable
            String message,

            @JsonPropertyDescription("How many peers.") PeerCounts peers,

            @JsonPropertyDescription("The first ten hooks that fail, the longest failing first.") @Nullable
            List<HookFailure> failures) {}

    /** {@code status.networks[name].peers}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PeerCounts(
            @JsonPropertyDescription("By the leases.") int desired,

            @JsonPropertyDescription("In place.") int applied,

            @JsonPropertyDescription("Whose last attempt failed.")
            int failing) {}

    /** {@code status.networks[name].failures[]}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record HookFailure(
            @JsonPropertyDescription("The hook, as subnetAdd.")
            String hook,

            @JsonPropertyDescription("The peer's subnet; none for a hook of the node itself.") @Nullable
            String peer,

            @JsonPropertyDescription("How often in a row.") int attempts,

            @JsonPropertyDescription("The shell's exit code; none where it did not exit by itself.") @Nullable
            Integer exitCode,

            @JsonPropertyDescription("The last line of its stderr, or what was wrong instead.")
            String message) {}
}

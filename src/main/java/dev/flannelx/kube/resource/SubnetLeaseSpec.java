package dev.flannelx.kube.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.flannelx.lease.BackendData;
import io.fabric8.crd.generator.annotation.SelectableField;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A SubnetLease's {@code spec}: what other nodes must know, and nothing else. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record SubnetLeaseSpec(
        @JsonPropertyDescription("The FlannelNetwork's name. Immutable.")
        @Required
        @Pattern(Schemas.NAME)
        @Size(max = Schemas.NETWORK_NAME_LENGTH)
        @SelectableField
        String network,

        @JsonPropertyDescription("The Node's name. Immutable.")
        @Required
        @Pattern(Schemas.NAME)
        @Size(max = Schemas.NODE_NAME_LENGTH)
        @SelectableField
        String nodeName,

        @JsonPropertyDescription("The node's IPv4 subnet in its canonical form, as 10.50.7.0/24. Immutable.")
        @Size(max = Schemas.IPV4_CIDR_LENGTH)
        @Nullable
        String subnet,

        @JsonPropertyDescription("The node's IPv6 subnet in its canonical form, as fd00:50:0:7::/64. Immutable.")
        @Size(max = Schemas.IPV6_CIDR_LENGTH)
        @Nullable
        String ipv6Subnet,

        @JsonPropertyDescription(
                "Where other nodes reach this one by IPv4. A lease without any public address is no peer.")
        @Size(max = Schemas.IPV4_LENGTH)
        @Nullable
        String publicIP,

        @JsonPropertyDescription("Where other nodes reach this one by IPv6.") @Size(max = Schemas.IPV6_LENGTH) @Nullable
        String publicIPv6,

        @JsonPropertyDescription("The type of the network's backend.")
        @Pattern("^[a-z0-9-]*$")
        @Size(max = 63)
        @Nullable
        String backendType,

        @JsonPropertyDescription(
                "What the node's preStartupCommand printed: at most 4 KiB of printable ASCII, tab and newline.")
        @Pattern("^[\\t\\n -~]*$")
        @Size(max = BackendData.MAX_BYTES)
        @Nullable
        String backendData,

        @JsonPropertyDescription("When the node took the subnet, by its own clock.") @Size(max = 35) @Nullable
        String acquireTime,

        @JsonPropertyDescription("Made by a person: only nodeName takes it, and it outlives release and expiry.")
        @Nullable
        Boolean reserved) {}

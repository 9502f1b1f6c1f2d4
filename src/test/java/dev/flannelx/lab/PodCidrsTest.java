package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkDecoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCidrsTest {
    private static Network network(String source, String ipv4, @Nullable String ipv6) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("network", ipv4).put("ipv6Network", ipv6).put("subnetSource", source);
        spec.putObject("backend").put("type", "extension").put("subnetAddCommand", "add");
        Decoded decoded = NetworkDecoder.decode("demo", spec);
        if (!(decoded instanceof Decoded.Valid(Network valid))) {
            throw new AssertionError(decoded);
        }
        return valid;
    }

    @ParameterizedTest
    @CsvSource({
        "10.70.0.0/16, 1, 10.70.1.0/24",
        "10.70.0.0/16, 250, 10.70.250.0/24",
        "10.70.0.0/20, 7, '10.70.0.112/28'",
        "10.70.0.0/25, 31, '10.70.0.124/30'",
        "10.70.0.0/25, 32, "
    })
    void aNodeHasTheSubnetOfItsNumberIfThereIsOne(String network, int node, @Nullable String subnet) {
        Subnet found = PodCidrs.of(network("NodePodCIDR", network, null), node);
        assertThat(found == null ? null : found.toString()).isEqualTo(subnet);
    }

    @Test
    void bothFamiliesHaveTheSameNumber() {
        assertThat(PodCidrs.of(network("NodePodCIDR", "10.70.0.0/16", "fd00:70::/48"), 3))
                .hasToString("10.70.3.0/24,fd00:70:0:3::/64");
    }

    @Test
    void subnetsOfAPoolComeFromElsewhere() {
        assertThat(PodCidrs.of(network("Pool", "10.70.0.0/16", null), 1)).isNull();
    }
}

package dev.flannelx.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The CNI configuration by which the container runtime connects pods to a network: what flannel's CNI plugin would hand
 * to the bridge plugin on reading subnet.env, with the options of kube-flannel's manifest
 * (https://github.com/flannel-io/cni-plugin, https://github.com/flannel-io/flannel/blob/master/Documentation/kube-flannel.yml).
 * It needs only the CNI project's own plugins, which every node has; flannel's is not among them.
 */
final class CniConfFile {
    private static final String NAME = "10-flannelx.conflist";
    /** The CNI configuration's own name is this and the network's, by which it is known whose it is. */
    private static final String OWN = "flannelx-";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;

    /**
     * The file in the runtime's directory.
     *
     * @param directory such as {@code /etc/cni/net.d}
     */
    CniConfFile(Path directory) {
        file = directory.resolve(NAME);
    }

    /** Writes it, in the place of any other. */
    void write(Network network, Subnet subnet, int mtu) throws IOException {
        WholeFile.write(file, text(network, subnet, mtu));
    }

    /** The network that it connects pods to; empty if it is not there or somebody else's. */
    Optional<String> network() throws IOException {
        return WholeFile.read(file).flatMap(CniConfFile::networkOf);
    }

    /** Removes it, if it is of that network. */
    void remove(String network) throws IOException {
        if (network().filter(network::equals).isPresent()) {
            Files.delete(file);
        }
    }

    private static Optional<String> networkOf(String text) {
        try {
            String name = JSON.readTree(text).path("name").asText();
            return name.startsWith(OWN) ? Optional.of(name.substring(OWN.length())) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String text(Network network, Subnet subnet, int mtu) throws JsonProcessingException {
        ObjectNode conf = JSON.createObjectNode().put("cniVersion", "0.3.1").put("name", OWN + network.name());
        ArrayNode plugins = conf.putArray("plugins");
        plugins.add(bridge(network, subnet, mtu));
        plugins.addObject().put("type", "portmap").putObject("capabilities").put("portMappings", true);
        return JSON.writeValueAsString(conf) + "\n";
    }

    private static JsonNode bridge(Network network, Subnet subnet, int mtu) {
        ObjectNode bridge = JSON.createObjectNode()
                .put("type", "bridge")
                .put("bridge", "cni0")
                .put("isDefaultGateway", true)
                // A node may get another subnet; without this the bridge would keep its address in the old one.
                .put("forceAddress", true)
                .put("hairpinMode", true)
                // The plugin would hide pods from each other across nodes; masquerading is the agent's, where wanted.
                .put("ipMasq", false)
                .put("mtu", mtu);
        ObjectNode ipam = bridge.putObject("ipam").put("type", "host-local");
        ArrayNode ranges = ipam.putArray("ranges");
        for (Cidr cidr : subnet.families()) {
            ranges.addArray().addObject().put("subnet", cidr.toString());
        }
        ArrayNode routes = ipam.putArray("routes");
        Stream.of(network.ipv4Network(), network.ipv6Network())
                .flatMap(Optional::stream)
                .forEach(cidr -> routes.addObject().put("dst", cidr.toString()));
        return bridge;
    }
}

package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the CNI project's plugins, called as a container runtime calls them, for pods in namespaces of their own. */
class CniConfFileIT {
    /** Where Debian has them, and where everybody else. */
    private static final List<Path> PLUGINS = List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Network DUAL = Specs.network("network: 10.50.0.0/16\nipv6Network: fd00:50::/48");

    @TempDir
    private Path directory;

    private TestNamespace node;

    @BeforeEach
    void make() throws IOException {
        node = TestNamespace.with("mount -t tmpfs tmpfs /var/lib");
    }

    @AfterEach
    void remove() {
        node.close();
    }

    /** Starts a pod's network by the file as it is, one plugin after the other. */
    private void connect(String pod) throws IOException {
        node.run("ip netns add " + pod);
        JsonNode conf = JSON.readTree(directory.resolve("10-flannelx.conflist").toFile());
        JsonNode result = null;
        for (JsonNode plugin : conf.path("plugins")) {
            result = JSON.readTree(add(pod, whole(conf, plugin, result)));
        }
    }

    /** What the plugin reads: its own part, what is common to all, and what came of the one before. */
    private static ObjectNode whole(JsonNode conf, JsonNode plugin, @Nullable JsonNode result) {
        ObjectNode whole = plugin.deepCopy();
        whole.set("name", conf.path("name"));
        whole.set("cniVersion", conf.path("cniVersion"));
        return result == null ? whole : whole.set("prevResult", result);
    }

    private String add(String pod, JsonNode conf) throws IOException {
        Path plugins = PLUGINS.stream().filter(Files::isDirectory).findFirst().orElseThrow();
        List<String> variables = List.of(
                "CNI_COMMAND=ADD",
                "CNI_CONTAINERID=" + pod,
                "CNI_NETNS=/run/netns/" + pod,
                "CNI_IFNAME=eth0",
                "CNI_PATH=" + plugins);
        List<String> plugin =
                List.of(plugins.resolve(conf.path("type").asText()).toString());
        return Program.run(
                Stream.of(node.enter(), List.of("env"), variables, plugin)
                        .flatMap(List::stream)
                        .toList(),
                JSON.writeValueAsString(conf));
    }

    private String inPod(String pod, String command) throws IOException {
        return node.run("ip netns exec " + pod + " " + command);
    }

    private void write(Network network, Subnet subnet) throws IOException {
        new CniConfFile(directory).write(network, subnet, 1450);
    }

    @Test
    void podsGetAddressesOfBothFamiliesTheMtuAndAWayOut() throws IOException {
        write(DUAL, Leases.subnet("10.50.7.0/24,fd00:50:0:7::/64"));
        connect("one");
        assertThat(inPod("one", "ip -oneline address show dev eth0")).contains("10.50.7.2/24", "fd00:50:0:7::2/64");
        assertThat(inPod("one", "ip link show dev eth0")).contains("mtu 1450");
        assertThat(inPod("one", "ip route")).contains("default via 10.50.7.1");
        assertThat(inPod("one", "ip -6 route")).contains("default via fd00:50:0:7::1");
    }

    @Test
    void podsOfANodeReachEachOther() throws IOException {
        write(Specs.network("network: 10.50.0.0/16"), Leases.subnet("10.50.7.0/24"));
        connect("one");
        connect("two");
        assertThat(inPod("one", "ping -c 1 -W 10 10.50.7.3")).contains(" 0% packet loss");
    }

    @Test
    void aNodeThatGetsAnotherSubnetConnectsItsNextPod() throws IOException {
        write(DUAL, Leases.subnet("10.50.7.0/24,fd00:50:0:7::/64"));
        connect("one");
        write(DUAL, Leases.subnet("10.50.8.0/24,fd00:50:0:8::/64"));
        connect("two");
        assertThat(inPod("two", "ip -oneline address show dev eth0")).contains("10.50.8.2/24", "fd00:50:0:8::2/64");
        assertThat(inPod("two", "ping -c 1 -W 10 10.50.8.1")).contains(" 0% packet loss");
    }
}

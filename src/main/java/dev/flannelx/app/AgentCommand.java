package dev.flannelx.app;

import dev.flannelx.ip.Address;
import dev.flannelx.network.DnsSubdomain;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flannelx agent}: the daemon of each node. What it was told goes to Quarkus as system properties. */
@Command(name = "agent", description = "The daemon of each node: claims its subnets and keeps the hooks applied.")
final class AgentCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            defaultValue = "${env:NODE_NAME}",
            description = "the Node that this is (default: what NODE_NAME in the environment says)")
    private @Nullable String nodeName;

    @Option(
            names = "--primary-network",
            paramLabel = "NAME",
            description = "the network that speaks for the node to its container runtime (default: the oldest)")
    private @Nullable String primaryNetwork;

    @Option(
            names = "--allowed-commands",
            paramLabel = "FILE",
            description = "SHA-256 of the command texts that may run here, one a line (default: all may)")
    private @Nullable Path allowedCommands;

    @Option(
            names = "--public-ip",
            paramLabel = "ADDRESS",
            converter = AddressConverters.Ipv4.class,
            description = "where other nodes reach this one (default: the address of the default route's interface)")
    private @Nullable Address publicIp;

    @Option(
            names = "--public-ipv6",
            paramLabel = "ADDRESS",
            converter = AddressConverters.Ipv6.class,
            description = "the same for IPv6")
    private @Nullable Address publicIpv6;

    @Option(
            names = "--on-subnet-lost",
            paramLabel = "WHAT",
            defaultValue = "wait",
            description =
                    "when another node has this one's subnet: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private OnSubnetLost onSubnetLost = OnSubnetLost.WAIT;

    @Option(names = "--ip-masq", description = "masquerade what leaves a network, as flanneld --ip-masq does")
    private boolean ipMasq;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "9477",
            description = "of /q/health and /q/metrics (default: ${DEFAULT-VALUE})")
    private int httpPort;

    @Option(
            names = "--run-directory",
            paramLabel = "DIRECTORY",
            defaultValue = "/run/flannelx",
            description = "journals and subnet.env of each network (default: ${DEFAULT-VALUE})")
    private Path runDirectory = Path.of("");

    @Option(
            names = "--flannel-directory",
            paramLabel = "DIRECTORY",
            defaultValue = "/run/flannel",
            description = "subnet.env of the primary network (default: ${DEFAULT-VALUE})")
    private Path flannelDirectory = Path.of("");

    @Option(
            names = "--cni-directory",
            paramLabel = "DIRECTORY",
            defaultValue = "/etc/cni/net.d",
            description = "CNI configuration of the primary network (default: ${DEFAULT-VALUE})")
    private Path cniDirectory = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        properties().forEach(System::setProperty);
        Quarkus.run(Application.class);
        return ExitCode.DONE;
    }

    /** What Quarkus is told. */
    Map<String, String> properties() {
        if (nodeName == null || !DnsSubdomain.matches(nodeName, DnsSubdomain.MAX_LENGTH)) {
            throw wrong("--node-name %s is wrong: want the name of the Node that this is, here or in NODE_NAME"
                    .formatted(nodeName == null ? "is missing" : nodeName));
        }
        if (httpPort < 0 || httpPort > LARGEST_PORT) {
            throw wrong("--http-port %d is wrong: want 0 to %d".formatted(httpPort, LARGEST_PORT));
        }
        var properties = new TreeMap<String, String>();
        properties.put(Application.DAEMON, AgentDaemon.NAME);
        properties.put("quarkus.http.port", String.valueOf(httpPort));
        put(properties, "node-name", nodeName);
        put(properties, "primary-network", primaryNetwork);
        put(properties, "allowed-commands", allowedCommands);
        put(properties, "public-ip", publicIp);
        put(properties, "public-ipv6", publicIpv6);
        put(properties, "on-subnet-lost", onSubnetLost);
        put(properties, "ip-masq", ipMasq);
        put(properties, "run-directory", runDirectory);
        put(properties, "flannel-directory", flannelDirectory);
        put(properties, "cni-directory", cniDirectory);
        return properties;
    }

    private static void put(Map<String, String> properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.put(AgentConfig.PREFIX + "." + name, value.toString());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

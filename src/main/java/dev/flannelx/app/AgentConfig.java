package dev.flannelx.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code flannelx agent} was told, as the command line hands it on to Quarkus: see {@link AgentCommand}. */
@ConfigMapping(prefix = AgentConfig.PREFIX)
interface AgentConfig {
    String PREFIX = "flannelx.agent";

    Optional<String> nodeName();

    Optional<String> primaryNetwork();

    Optional<Path> allowedCommands();

    Optional<String> publicIp();

    Optional<String> publicIpv6();

    @WithDefault("wait")
    OnSubnetLost onSubnetLost();

    @WithDefault("false")
    boolean ipMasq();

    @WithDefault("/run/flannelx")
    Path runDirectory();

    @WithDefault("/run/flannel")
    Path flannelDirectory();

    @WithDefault("/etc/cni/net.d")
    Path cniDirectory();
}

package dev.flannelx.kube.resource;

/** What several schemas say the same way. */
final class Schemas {
    static final String GROUP = "flannelx.dev";
    static final String VERSION = "v1alpha1";

    /** Durations as {@link dev.flannelx.network.Spans} reads them. */
    static final String DURATION = "^(0|([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))+)$";

    /** The same, without zero. */
    static final String POSITIVE_DURATION = "^([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))*"
            + "([0-9]*[1-9][0-9]*(\\.[0-9]+)?|[0-9]+\\.[0-9]*[1-9][0-9]*)(h|m|s|ms|us|ns)"
            + "([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))*$";

    /** A command has something for a shell to do. */
    static final String NOT_BLANK = "\\S";

    /** An RFC 1123 subdomain, as Kubernetes names are. */
    static final String NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    static final int NETWORK_NAME_LENGTH = 63;
    static final int NODE_NAME_LENGTH = 253;
    static final int DURATION_LENGTH = 32;
    static final int COMMAND_LENGTH = 65_536;

    /** The longest texts of a network and of an address, of each family. */
    static final int IPV4_CIDR_LENGTH = 18;

    static final int IPV6_CIDR_LENGTH = 43;
    static final int IPV4_LENGTH = 15;
    static final int IPV6_LENGTH = 39;
    static final int UID_LENGTH = 64;

    private Schemas() {}
}

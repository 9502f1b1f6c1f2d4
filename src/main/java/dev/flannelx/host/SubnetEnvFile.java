package dev.flannelx.host;

import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * subnet.env in flannel's format
 * (https://github.com/flannel-io/flannel/blob/master/pkg/subnet/subnet.go, {@code WriteSubnetFile}), which the CNI plugin
 * and other tools read. It is replaced whole, so that nobody reads half of it.
 */
public final class SubnetEnvFile {
    private SubnetEnvFile() {}

    /** The file's text; {@code FLANNEL_SUBNET} is the first address of the subnet with its prefix length. */
    public static String text(Network network, Subnet subnet, int mtu, boolean masquerade) {
        var text = new StringBuilder();
        family(text, "", network.ipv4Network().orElse(null), subnet.ipv4());
        family(text, "IPV6_", network.ipv6Network().orElse(null), subnet.ipv6());
        text.append("FLANNEL_MTU=").append(mtu).append('\n');
        text.append("FLANNEL_IPMASQ=").append(masquerade).append('\n');
        return text.toString();
    }

    /**
     * Writes it, readable for all.
     *
     * @throws IOException if it cannot be written; what was there stays
     */
    public static void write(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " has no directory to be in");
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path fresh = directory.resolve(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void family(StringBuilder text, String prefix, @Nullable Cidr network, @Nullable Cidr subnet) {
        if (network != null && subnet != null) {
            text.append("FLANNEL_")
                    .append(prefix)
                    .append("NETWORK=")
                    .append(network)
                    .append('\n');
            text.append("FLANNEL_").append(prefix).append("SUBNET=");
            text.append(new Cidr(subnet.address().plus(BigInteger.ONE), subnet.prefixLength()))
                    .append('\n');
        }
    }
}

package dev.flannelx.hook;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One line of subnetBatch's stdin. */
public record BatchLine(Operation operation, Peer peer) {
    /** What to do with the peer. */
    public enum Operation {
        ADD("add"),
        REMOVE("remove");

        private final String text;

        Operation(String text) {
            this.text = text;
        }
    }

    /**
     * Tab-separated, {@code -} for what is not there:
     * {@code add|remove SUBNET IPV6SUBNET PUBLIC_IP PUBLIC_IPV6 NODE base64(data)}, without a newline.
     */
    public String text() {
        return String.join(
                "\t",
                operation.text,
                field(peer.subnet().ipv4()),
                field(peer.subnet().ipv6()),
                field(peer.publicAddress().ipv4()),
                field(peer.publicAddress().ipv6()),
                peer.node(),
                peer.data().isEmpty()
                        ? "-"
                        : Base64.getEncoder().encodeToString(peer.data().getBytes(StandardCharsets.UTF_8)));
    }

    private static String field(@Nullable Object value) {
        return Objects.toString(value, "-");
    }
}

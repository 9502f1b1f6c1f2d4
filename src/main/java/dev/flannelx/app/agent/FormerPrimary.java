package dev.flannelx.app.agent;

import dev.flannelx.host.HostPublication.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Which network spoke for the node when its last agent ended: flannel's subnet.env is that network's own. */
final class FormerPrimary {
    private static final String SUBNET_ENV = "subnet.env";

    private FormerPrimary() {}

    /** The one among these, if any. */
    static Optional<String> among(Collection<String> networks, Places places) throws IOException {
        Path told = places.flannel().resolve(SUBNET_ENV);
        for (String network : networks) {
            if (areSame(places.run().resolve(network).resolve(SUBNET_ENV), told)) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    private static boolean areSame(Path one, Path other) throws IOException {
        return Files.exists(one) && Files.exists(other) && Files.mismatch(one, other) < 0;
    }
}

package dev.flannelx.host;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of its subnets: each network's own subnet.env and masquerading and, for the primary network, flannel's
 * subnet.env and the CNI configuration. One for all networks of a node.
 *
 * <p>The network's own subnet.env is also the record of what was published before a restart: whose flannel's subnet.env
 * is, and whether there are rules to take away.
 */
public final class HostPublication implements Publication {
    private final Places places;
    private final @Nullable CniConfFile cni;
    private final InterfaceMtu interfaceMtu;
    private final boolean masquerade;
    private final Masquerading masquerading;
    private final Map<String, Published> published = new HashMap<>();
    private @Nullable String primary;

    /**
     * Where it is told.
     *
     * @param run a directory per network in it, such as {@code /run/flannelx}
     * @param flannel flannel's, such as {@code /run/flannel}
     * @param cni the container runtime's, such as {@code /etc/cni/net.d}, or null: then nobody is told how to connect pods
     */
    public record Places(Path run, Path flannel, @Nullable Path cni) {}

    /** The MTU of the interface that other nodes are reached by. */
    @FunctionalInterface
    public interface InterfaceMtu {
        int get() throws IOException;
    }

    private record Published(Network network, Subnet subnet) {}

    /**
     * Publishes nothing yet.
     *
     * @param masquerade whether packets that leave a network get the node's address
     */
    public HostPublication(Places places, InterfaceMtu interfaceMtu, boolean masquerade, Masquerading masquerading) {
        this.places = places;
        this.cni = places.cni() == null ? null : new CniConfFile(places.cni());
        this.interfaceMtu = interfaceMtu;
        this.masquerade = masquerade;
        this.masquerading = masquerading;
    }

    /**
     * Takes back a CNI configuration from before the node's boot, which promises pods a network that is not up yet, and
     * that may not come again. To be called once the journals have been read.
     */
    public synchronized void takeBackStale() throws IOException {
        Optional<String> connected = cni == null ? Optional.empty() : cni.network();
        if (connected.isPresent() && !Files.exists(own(connected.get()))) {
            removeCni(connected.get());
        }
    }

    /** Which of these networks spoke for the node when its last agent ended: flannel's subnet.env is that network's own. */
    public synchronized Optional<String> formerPrimary(Collection<String> networks) throws IOException {
        for (String network : networks) {
            if (isTold(network)) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    /**
     * Says which network speaks for the node from now on, and tells it anew.
     *
     * @param network or null: none
     */
    public synchronized void choosePrimary(@Nullable String network) throws IOException {
        if (Objects.equals(network, primary)) {
            return;
        }
        String former = primary;
        primary = network;
        // The new one first: so there is always one.
        for (String name : new String[] {network, former}) {
            Published one = name == null ? null : published.get(name);
            if (one != null) {
                publish(one.network(), one.subnet());
            }
        }
    }

    @Override
    public synchronized void publish(Network network, Subnet subnet) throws IOException {
        published.put(network.name(), new Published(network, subnet));
        int mtu = mtu(network);
        String text = SubnetEnvFile.text(network, subnet, mtu, masquerade);
        Path own = own(network.name());
        if (!masquerade) {
            removeMasquerading(network);
        }
        boolean isPrimary = network.name().equals(primary);
        if (!isPrimary) {
            withdrawShared(network.name());
        }
        WholeFile.write(own, text);
        if (masquerade) {
            masquerading.apply(network, subnet);
        }
        if (isPrimary) {
            WholeFile.write(shared(), text);
            if (cni != null) {
                cni.write(network, subnet, mtu);
            }
        }
    }

    @Override
    public synchronized void withdraw(Network network) throws IOException {
        published.remove(network.name());
        withdrawShared(network.name());
        removeMasquerading(network);
        Files.deleteIfExists(own(network.name()));
    }

    private int mtu(Network network) throws IOException {
        Integer chosen = network.settings().mtu();
        return chosen == null ? interfaceMtu.get() - network.settings().mtuOverhead() : chosen;
    }

    /** Takes back what a network told as the primary one, unless another has told its own since. */
    private void withdrawShared(String network) throws IOException {
        removeCni(network);
        if (isTold(network)) {
            Files.delete(shared());
        }
    }

    /** Whether flannel's subnet.env is that of a network. */
    private boolean isTold(String network) throws IOException {
        Optional<String> own = WholeFile.read(own(network));
        return own.isPresent() && own.equals(WholeFile.read(shared()));
    }

    private void removeCni(String network) throws IOException {
        if (cni != null) {
            cni.remove(network);
        }
    }

    private void removeMasquerading(Network network) throws IOException {
        if (WholeFile.read(own(network.name()))
                .filter(SubnetEnvFile::masquerades)
                .isPresent()) {
            masquerading.remove(network);
        }
    }

    private Path own(String network) {
        return places.run().resolve(network).resolve(SubnetEnvFile.NAME);
    }

    private Path shared() {
        return places.flannel().resolve(SubnetEnvFile.NAME);
    }
}

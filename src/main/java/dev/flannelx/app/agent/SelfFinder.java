package dev.flannelx.app.agent;

import dev.flannelx.kube.SeenNode;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.Periodic;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Who this node is: what its Node says, and the address that others reach it by. An address that was found and is not
 * found any more stays, since a default route that comes and goes must not take the network down. For one thread.
 */
final class SelfFinder {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private static final Duration RETRY = Duration.ofSeconds(3);

    /** Finds the node's address, of at least one family. */
    @FunctionalInterface
    interface Addresses {
        PublicAddress find() throws IOException;
    }

    private final Addresses addresses;
    private final Periodic again;
    private volatile PublicAddress address = PublicAddress.NONE;
    private Instant retryAt = Instant.MIN;
    private String problem = "";

    SelfFinder(Addresses addresses, RandomGenerator random, Instant now) {
        this.addresses = addresses;
        again = new Periodic(PERIOD, PERIOD.dividedBy(10), random, now);
    }

    /** This node; empty as long as it has no address, which {@link #problem} explains. */
    Optional<Self> find(SeenNode node, Instant now) {
        if (again.takeDue(now) || (address.isEmpty() && !now.isBefore(retryAt))) {
            retryAt = now.plus(RETRY);
            look();
        }
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(new Self(node.name(), node.uid(), address, node.podSubnet()));
    }

    /** Where others reach this node, as far as that is known. Safe for any thread. */
    PublicAddress address() {
        return address;
    }

    /** Why the address is not known, or may be an old one; empty where there is no trouble. */
    String problem() {
        return problem;
    }

    private void look() {
        try {
            PublicAddress found = addresses.find();
            PublicAddress before = address;
            address = new PublicAddress(
                    found.ipv4() == null ? before.ipv4() : found.ipv4(),
                    found.ipv6() == null ? before.ipv6() : found.ipv6());
            problem = "";
        } catch (IOException e) {
            problem = Shown.trouble(e);
        }
    }
}

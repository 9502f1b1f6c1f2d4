package dev.flannelx.reconcile;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.io.IOException;

/** Where a node's subnet is told to what else runs there: subnet.env, and what goes with it. Idempotent. */
public interface Publication {
    /**
     * Tells it.
     *
     * @throws IOException if it could not be written
     */
    void publish(Network network, Subnet subnet) throws IOException;

    /**
     * Takes it back.
     *
     * @throws IOException if it could not be taken away
     */
    void withdraw(Network network) throws IOException;
}

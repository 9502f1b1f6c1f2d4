package dev.flannelx.app.lab;

import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.Publication;
import java.io.IOException;

/** Two publications as one. */
record Publications(Publication first, Publication second) implements Publication {
    @Override
    public void publish(Network network, Subnet subnet) throws IOException {
        first.publish(network, subnet);
        second.publish(network, subnet);
    }

    @Override
    public void withdraw(Network network) throws IOException {
        first.withdraw(network);
        second.withdraw(network);
    }
}

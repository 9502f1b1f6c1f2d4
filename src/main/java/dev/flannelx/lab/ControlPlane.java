package dev.flannelx.lab;

import dev.flannelx.lease.Lease;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.NetworkStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What the nodes of one scenario agree through, and the agents that do it: in memory, or over a real API server. */
public interface ControlPlane extends AutoCloseable {
    /** Makes one for each scenario. */
    @FunctionalInterface
    interface Maker {
        /**
         * One without any node.
         *
         * @throws IOException if it could not be brought up
         */
        ControlPlane make(Network network) throws IOException;
    }

    /** An agent that was started on a node. */
    interface Agent {
        /** Where its node stands; empty as long as it knows of no network. */
        Optional<NetworkStatus> status();

        /** Ends it as kill -9 would, its hooks too; what it built stays. */
        void kill();

        /** Ends it between two hooks, or after a while in the middle of one; what it built stays. */
        void stop();
    }

    /**
     * A node comes, without an agent.
     *
     * @throws IOException if it could not be entered
     */
    void register(LabMachine machine) throws IOException;

    /**
     * Starts the agent of a node that is registered, on what the last one there left.
     *
     * @throws IOException if it could not be started
     */
    Agent start(LabMachine machine, Attachments attachments) throws IOException;

    /**
     * A node is gone for good, and with it what was kept about it, its lease above all.
     *
     * @throws IOException if that could not be taken away
     */
    void remove(String node) throws IOException;

    /**
     * All leases as they are.
     *
     * @throws IOException if they could not be read
     */
    List<Lease> leases() throws IOException;

    /** Ends its agents too, as kill -9 would. */
    @Override
    void close();
}

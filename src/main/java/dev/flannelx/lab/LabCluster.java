package dev.flannelx.lab;

import dev.flannelx.lease.Lease;
import dev.flannelx.reconcile.NetworkStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The nodes of one scenario, on one bridge. */
final class LabCluster implements AutoCloseable {
    static final String BRIDGE = "br0";
    private static final long LONGEST_NAP_MILLIS = 200;

    private final LabSettings settings;
    private final Consumer<HookRecord> recorder;
    private final ControlPlane controlPlane;
    private final List<LabNode> nodes = new ArrayList<>();
    private final List<LabNode> gone = new ArrayList<>();
    private final long end;
    private int made;

    /** One without nodes; closing it closes the control plane. */
    LabCluster(LabSettings settings, ControlPlane controlPlane, Consumer<HookRecord> recorder) {
        this.settings = settings;
        this.controlPlane = controlPlane;
        this.recorder = recorder;
        this.end = System.nanoTime() + settings.timeout().toNanos();
    }

    /** Makes the bridge that all clusters of a lab share. */
    static void makeBridge() throws IOException {
        Commands.run(List.of("ip", "-batch", "-"), """
                link add %1$s type bridge
                addr add 192.0.2.254/24 dev %1$s
                addr add 2001:db8::ffff/64 dev %1$s nodad
                link set %1$s up
                """.formatted(BRIDGE));
    }

    LabSettings settings() {
        return settings;
    }

    List<Lease> leases() throws IOException {
        return controlPlane.leases();
    }

    List<LabNode> nodes() {
        return List.copyOf(nodes);
    }

    /** Adds a node, with its agent running. */
    LabNode join() throws IOException {
        var node = new LabNode(++made, settings, controlPlane, recorder, this::changed);
        nodes.add(node);
        node.startAgent();
        return node;
    }

    void join(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            join();
        }
    }

    /** A node goes: its agent dies, its lease is taken away. Its network stays, so that the others' doing shows. */
    void leave(LabNode node) throws IOException {
        nodes.remove(node);
        gone.add(node);
        node.killAgent();
        controlPlane.remove(node.name());
    }

    Optional<Lease> leaseOf(LabNode node) throws IOException {
        return leases().stream()
                .filter(lease -> lease.node().equals(node.name()))
                .findFirst();
    }

    /** Waits until every node is ready with all its peers applied and all others removed; tells within the scenario's timeout. */
    boolean awaitSettled() throws IOException {
        return await(() -> nodes.stream().allMatch(this::isSettled));
    }

    /** What keeps nodes from being settled, for a person. */
    String unsettled() {
        var text = new StringBuilder();
        for (LabNode node : nodes) {
            NetworkStatus status = node.status().orElse(null);
            if (status == null || !isSettled(node)) {
                text.append(node.name()).append(": ");
                text.append(status == null ? "no agent" : describe(status)).append("; ");
            }
        }
        return text.toString();
    }

    private static String describe(NetworkStatus status) {
        return "%s, peers %d of %d, %d to remove%s"
                .formatted(
                        status.phase().text(),
                        status.peers().applied(),
                        status.peers().desired(),
                        status.peers().removing(),
                        status.reason().isEmpty() ? "" : ", " + status.reason() + ": " + status.message());
    }

    private boolean isSettled(LabNode node) {
        return node.status()
                .filter(status -> status.ready()
                        && status.peers().desired() == nodes.size() - 1
                        && status.peers().applied() == status.peers().desired()
                        && status.peers().failing() == 0
                        && status.peers().removing() == 0)
                .isPresent();
    }

    /** Pings between all pods; those that are not answered at once are tried again while the scenario lasts. */
    List<Ping> pings() throws IOException {
        return PingMatrix.of(nodes, end);
    }

    /** Waits for a condition that some node's change may bring about. */
    synchronized boolean await(BooleanSupplier condition) throws IOException {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            try {
                wait(LONGEST_NAP_MILLIS);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        return true;
    }

    private synchronized void changed() {
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        for (LabNode node : nodes) {
            node.close();
        }
        for (LabNode node : gone) {
            node.close();
        }
        controlPlane.close();
    }
}

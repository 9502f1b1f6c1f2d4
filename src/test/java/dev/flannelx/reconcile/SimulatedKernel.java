package dev.flannelx.reconcile;

import dev.flannelx.hook.BatchLine;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.Peer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What hooks do to a machine: routes keyed by subnet, and (as with WireGuard) peers keyed by node, which a remove of the
 * node takes away whatever subnet it was for. Commands are the words {@code up}, {@code down}, {@code add}, {@code del}.
 */
final class SimulatedKernel {
    final Map<String, Peer> routes = new TreeMap<>();
    final Map<String, Peer> tunnels = new TreeMap<>();
    boolean up;
    /** What went against the contract, for the test to find empty. */
    final Set<String> offences = new HashSet<>();

    void run(HookInvocation invocation) {
        switch (invocation) {
            case HookInvocation.ForNode node -> runForNode(node);
            case HookInvocation.ForPeer peer -> runForPeer(peer.command(), peer.peer());
            case HookInvocation.ForBatch batch -> batch.lines().forEach(this::runLine);
        }
    }

    private void runForNode(HookInvocation.ForNode node) {
        switch (node.hook()) {
            case POST_STARTUP -> up = true;
            case SHUTDOWN -> {
                up = false;
                routes.clear();
                tunnels.clear();
            }
            case PRE_STARTUP, STARTUP_CHECK, SUBNET_ADD, SUBNET_REMOVE, SUBNET_BATCH, SUBNET_CHECK -> {}
        }
    }

    private void runForPeer(String command, Peer peer) {
        if (command.startsWith("add")) {
            add(peer);
        } else if (command.startsWith("del")) {
            remove(peer);
        }
    }

    private void runLine(BatchLine line) {
        if (line.operation() == BatchLine.Operation.ADD) {
            add(line.peer());
        } else {
            remove(line.peer());
        }
    }

    private void add(Peer peer) {
        if (!up) {
            offences.add("added " + peer + " on a node that is not up");
        }
        routes.put(peer.subnet().toString(), peer);
        tunnels.put(peer.node(), peer);
    }

    private void remove(Peer peer) {
        routes.remove(peer.subnet().toString());
        tunnels.remove(peer.node());
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.hook.BatchLine;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.Peer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What hooks do to a machine: routes keyed by subnet, and (as with WireGuard) peers keyed by node, which a remove of the
 * node takes away whatever subnet it was for; and devices, which preStartup and postStartup make. Commands are a word and,
 * it may be, a name: {@code pre a} makes a device of that name, which {@code shutdown a} and no other takes away.
 */
final class SimulatedKernel {
    final Map<String, Peer> routes = new TreeMap<>();
    final Map<String, Peer> tunnels = new TreeMap<>();
    boolean up;
    /** What went against the contract, for the test to find empty. */
    final Set<String> offences = new HashSet<>();

    private final Set<String> devices = new TreeSet<>();
    private final Set<String> forgiven = new HashSet<>();

    void run(HookInvocation invocation) {
        switch (invocation) {
            case HookInvocation.ForNode node -> runForNode(node);
            case HookInvocation.ForPeer peer -> runForPeer(peer.command(), peer.peer());
            case HookInvocation.ForBatch batch -> batch.lines().forEach(this::runLine);
        }
    }

    private void runForNode(HookInvocation.ForNode node) {
        switch (node.hook()) {
            case PRE_STARTUP -> devices.add(device(node));
            case POST_STARTUP -> {
                devices.add(device(node));
                up = true;
            }
            case SHUTDOWN -> {
                devices.remove(device(node));
                up = false;
                routes.clear();
                tunnels.clear();
            }
            case STARTUP_CHECK, SUBNET_ADD, SUBNET_REMOVE, SUBNET_BATCH, SUBNET_CHECK -> {}
        }
    }

    /** A shutdown has failed and done nothing: where it is but best effort, nobody tries it again. */
    void forgive(HookInvocation.ForNode shutdown) {
        forgiven.add(device(shutdown));
    }

    /** The devices that a shutdown should have taken away, where this startup is what the node came up by. */
    Set<String> leftovers(String postStartup) {
        var left = new TreeSet<>(devices);
        left.removeAll(forgiven);
        left.remove(device(postStartup));
        return left;
    }

    private static String device(HookInvocation.ForNode node) {
        return device(node.command());
    }

    private static String device(String command) {
        String[] words = command.split(" ", -1);
        return words.length > 1 ? words[1] : "";
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

package dev.flannelx.app.agent;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.event.ClusterEvent;
import dev.flannelx.kube.event.ClusterEvent.Subject;
import dev.flannelx.kube.event.EventRecorder;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.Self;

/** The events about one network on this node. Each is found beside the Node and beside the FlannelNetwork. */
final class NetworkEvents {
    private static final String LEASE = "lease";

    private final EventRecorder recorder;
    private final String network;
    private volatile String networkUid = "";
    private volatile Self self;

    NetworkEvents(EventRecorder recorder, String network, Self self) {
        this.recorder = recorder;
        this.network = network;
        this.self = self;
    }

    /** Which resource of that name it is. */
    void of(String uid) {
        networkUid = uid;
    }

    void become(Self newSelf) {
        self = newSelf;
    }

    void hookFailed(HookInvocation invocation, HookOutcome outcome, int attempt) {
        record(
                ClusterEvent.Type.WARNING,
                outcome instanceof HookOutcome.TimedOut ? "HookTimedOut" : "HookFailed",
                invocation.hook().text(),
                "%s%s, attempt %d: %s"
                        .formatted(invocation.hook().text(), about(invocation), attempt, outcome.message()));
    }

    void hookRecovered(HookInvocation invocation, int attempt) {
        record(
                ClusterEvent.Type.NORMAL,
                "HookRecovered",
                invocation.hook().text(),
                "%s%s succeeded at attempt %d".formatted(invocation.hook().text(), about(invocation), attempt));
    }

    void leaseAcquired(Subnet subnet) {
        record(ClusterEvent.Type.NORMAL, "LeaseAcquired", LEASE, "subnet " + subnet);
    }

    void leaseLost(Subnet subnet, String message) {
        record(ClusterEvent.Type.WARNING, "LeaseLost", LEASE, "subnet " + subnet + ": " + message);
    }

    void poolExhausted(String message) {
        record(ClusterEvent.Type.WARNING, "PoolExhausted", LEASE, message);
    }

    private void record(ClusterEvent.Type type, String reason, String action, String what) {
        Self now = self;
        var node = new Subject("v1", "Node", now.node(), now.uid());
        var resource = new Subject(
                ResourceTypes.NETWORKS.getGroup() + "/" + ResourceTypes.NETWORKS.getVersion(),
                ResourceTypes.NETWORKS.getKind(),
                network,
                networkUid);
        recorder.record(new ClusterEvent(node, resource, type, reason, action, "network " + network + ": " + what));
        if (!networkUid.isEmpty()) {
            recorder.record(new ClusterEvent(resource, node, type, reason, action, "node " + now.node() + ": " + what));
        }
    }

    private static String about(HookInvocation invocation) {
        return switch (invocation) {
            case HookInvocation.ForNode _ -> "";
            case HookInvocation.ForPeer(var _, String _, var _, Peer peer) ->
                " of " + peer.subnet() + " (" + peer.node() + ")";
            case HookInvocation.ForBatch(String _, var _, var lines) -> " of " + lines.size() + " lines";
        };
    }
}

package dev.flannelx.hook;

import java.util.List;

/** One run of one hook, as data. */
public sealed interface HookInvocation {
    Hook hook();

    /** The text for {@code sh -c}. */
    String command();

    Local local();

    /** A hook of the node itself: preStartup, postStartup, startupCheck, shutdown. */
    record ForNode(Hook hook, String command, Local local) implements HookInvocation {}

    /** A hook for one peer: subnetAdd, subnetRemove, subnetCheck. */
    record ForPeer(Hook hook, String command, Local local, Peer peer) implements HookInvocation {}

    /** subnetBatch, for all that is due: its lines in their order. */
    record ForBatch(String command, Local local, List<BatchLine> lines) implements HookInvocation {
        public ForBatch {
            lines = List.copyOf(lines);
        }

        @Override
        public Hook hook() {
            return Hook.SUBNET_BATCH;
        }
    }
}

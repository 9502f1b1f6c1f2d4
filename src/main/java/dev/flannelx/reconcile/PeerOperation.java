package dev.flannelx.reconcile;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.BatchLine;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands.PeerCommands;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do about one peer, with the command texts that it is to be done with.
 *
 * @param peer the arguments: of a remove those recorded at the add
 * @param check the subnetCheck command, for a check
 * @param attempt 1 for the first in a row
 */
record PeerOperation(
        Kind kind,
        Peer peer,
        PeerCommands commands,
        @Nullable String check,
        int attempt) {
    enum Kind {
        /** The remove before a repeated add: best effort. */
        CLEANUP,
        ADD,
        /** An add over what is there already and cannot be removed first, for want of a command. */
        ADD_OVER,
        REMOVE,
        CHECK
    }

    static PeerOperation add(Peer peer, PeerCommands commands, int attempt) {
        return new PeerOperation(Kind.ADD, peer, commands, null, attempt);
    }

    static PeerOperation addOver(Peer peer, PeerCommands commands, int attempt) {
        return new PeerOperation(Kind.ADD_OVER, peer, commands, null, attempt);
    }

    static PeerOperation cleanup(AppliedPeer old, int attempt) {
        return new PeerOperation(Kind.CLEANUP, old.peer(), old.commands(), null, attempt);
    }

    static PeerOperation remove(AppliedPeer old, int attempt) {
        return new PeerOperation(Kind.REMOVE, old.peer(), old.commands(), null, attempt);
    }

    static PeerOperation check(AppliedPeer applied, String command) {
        return new PeerOperation(Kind.CHECK, applied.peer(), applied.commands(), command, 1);
    }

    boolean adds() {
        return kind == Kind.ADD || kind == Kind.ADD_OVER;
    }

    Subnet subnet() {
        return peer.subnet();
    }

    /** The text of the batch command that can do it together with others; empty where it goes alone. */
    Optional<String> batchCommand() {
        return kind == Kind.CHECK ? Optional.empty() : Optional.ofNullable(commands.batch());
    }

    BatchLine batchLine() {
        return new BatchLine(adds() ? BatchLine.Operation.ADD : BatchLine.Operation.REMOVE, peer);
    }

    /** The hook that does it; empty where the network has no command for it. */
    Optional<HookInvocation> invocation(Local local) {
        if (batchCommand().isPresent()) {
            return batchCommand().map(text -> new HookInvocation.ForBatch(text, local, List.of(batchLine())));
        }
        return switch (kind) {
            case ADD, ADD_OVER -> forPeer(Hook.SUBNET_ADD, commands.add(), local);
            case CLEANUP, REMOVE -> forPeer(Hook.SUBNET_REMOVE, commands.remove(), local);
            case CHECK -> forPeer(Hook.SUBNET_CHECK, check, local);
        };
    }

    /** What the journal is to say while it is under way; empty for a check, which changes nothing. */
    Optional<JournalEntry> intent(String run) {
        return switch (kind) {
            case ADD, ADD_OVER -> put(AppliedPeer.State.ADDING, run);
            case CLEANUP, REMOVE -> put(AppliedPeer.State.REMOVING, run);
            case CHECK -> Optional.empty();
        };
    }

    private Optional<JournalEntry> put(AppliedPeer.State state, String run) {
        return Optional.of(new JournalEntry.PutPeer(new AppliedPeer(peer, commands, state, run)));
    }

    private Optional<HookInvocation> forPeer(Hook hook, @Nullable String command, Local local) {
        return command == null ? Optional.empty() : Optional.of(new HookInvocation.ForPeer(hook, command, local, peer));
    }
}

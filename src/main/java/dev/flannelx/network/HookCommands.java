package dev.flannelx.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command texts of a network, each handed to {@code sh -c} as it stands. An absent command is null, never blank.
 * The first four are those of flannel's extension backend
 * (https://github.com/flannel-io/flannel/blob/master/Documentation/extension.md).
 */
public record HookCommands(
        @Nullable String preStartup,
        @Nullable String postStartup,
        @Nullable String subnetAdd,
        @Nullable String subnetRemove,
        @Nullable String shutdown,
        @Nullable String subnetCheck,
        @Nullable String startupCheck,
        @Nullable String subnetBatch) {

    public static final HookCommands NONE = new HookCommands(null, null, null, null, null, null, null, null);

    /** Those that are there, by the name of their field in {@code spec.backend}. */
    public Map<String, String> byField() {
        var commands = new LinkedHashMap<String, @Nullable String>();
        commands.put("preStartupCommand", preStartup);
        commands.put("postStartupCommand", postStartup);
        commands.put("subnetAddCommand", subnetAdd);
        commands.put("subnetRemoveCommand", subnetRemove);
        commands.put("shutdownCommand", shutdown);
        commands.put("subnetCheckCommand", subnetCheck);
        commands.put("startupCheckCommand", startupCheck);
        commands.put("subnetBatchCommand", subnetBatch);
        var present = new LinkedHashMap<String, String>();
        commands.forEach((field, text) -> {
            if (text != null) {
                present.put(field, text);
            }
        });
        return present;
    }

    /** The part whose change restarts the data plane of a node. */
    public StartupCommands startup() {
        return new StartupCommands(preStartup, postStartup, shutdown);
    }

    /** The part whose change re-applies every peer. */
    public PeerCommands peers() {
        return new PeerCommands(subnetAdd, subnetRemove, subnetBatch);
    }

    /** Those in effect where {@code applied} built what is there, and no other may build yet. */
    HookCommands gatedBy(HookCommands applied) {
        boolean builds = peers().equals(applied.peers()) && startup().bringsUpAs(applied.startup());
        return builds ? this : applied;
    }

    /** What brought a node's data plane up, and what takes it down. */
    public record StartupCommands(
            @Nullable String preStartup,
            @Nullable String postStartup,
            @Nullable String shutdown) {

        /** Whether a node brought up by one is up by the other too: the shutdown command plays no part in that. */
        public boolean bringsUpAs(StartupCommands other) {
            return Optional.ofNullable(preStartup).equals(Optional.ofNullable(other.preStartup))
                    && Optional.ofNullable(postStartup).equals(Optional.ofNullable(other.postStartup));
        }
    }

    /** What applied a peer, and what removes it. */
    public record PeerCommands(
            @Nullable String add,
            @Nullable String remove,
            @Nullable String batch) {
        /** Written out, since a record's own takes longer, and they are compared for every hook. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof PeerCommands commands
                            && Objects.equals(add, commands.add)
                            && Objects.equals(remove, commands.remove)
                            && Objects.equals(batch, commands.batch));
        }

        @Override
        public int hashCode() {
            return Objects.hash(add, remove, batch);
        }

        /** Whether an applied peer could be taken away again. */
        public boolean canRemove() {
            return remove != null || batch != null;
        }
    }
}

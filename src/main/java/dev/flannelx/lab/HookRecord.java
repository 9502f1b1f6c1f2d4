package dev.flannelx.lab;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.lease.Subnet;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One hook that ran on a node of the lab.
 *
 * @param peers the subnets that it was for; none for a hook of the node itself
 * @param exitCode null where the shell did not exit by itself
 */
record HookRecord(
        String node,
        Hook hook,
        Set<Subnet> peers,
        int attempt,
        boolean succeeded,
        @Nullable Integer exitCode,
        Duration duration,
        String stderr) {

    static HookRecord of(String node, HookInvocation invocation, HookOutcome outcome, int attempt) {
        Set<Subnet> peers = switch (invocation) {
            case HookInvocation.ForNode _ -> Set.of();
            case HookInvocation.ForPeer peer -> Set.of(peer.peer().subnet());
            case HookInvocation.ForBatch batch ->
                batch.lines().stream().map(line -> line.peer().subnet()).collect(Collectors.toSet());
        };
        Integer exitCode = switch (outcome) {
            case HookOutcome.Succeeded _, HookOutcome.BadOutput _ -> 0;
            case HookOutcome.Exited exited -> exited.code();
            case HookOutcome.Signalled _, HookOutcome.TimedOut _, HookOutcome.NotStarted _ -> null;
        };
        return new HookRecord(
                node,
                invocation.hook(),
                peers,
                attempt,
                outcome.succeeded(),
                exitCode,
                outcome.duration(),
                outcome.stderr());
    }
}

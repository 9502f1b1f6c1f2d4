package dev.flannelx.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** The peers of one node in a test's hands: it says what is desired, which hook is due and how that ends. */
final class TestPeers {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    static final HookOutcome DONE = new HookOutcome.Succeeded("", "", Duration.ZERO);
    static final HookOutcome FAILED = new HookOutcome.Exited(1, "no\n", Duration.ZERO);
    static final HookCommands COMMANDS = new HookCommands(null, null, "add", "del", null, null, null, null);

    private static final Function<Hook, String> RUNS = Hook::text;

    final MemoryJournal journal = new MemoryJournal();
    final PeerReconciler peers;
    private final Network network;

    TestPeers(HookCommands commands) {
        network = network(commands);
        peers = new PeerReconciler(
                network,
                local(),
                new Shared(new JournalWriter(journal), new ReconcileObserver() {}, new Random(1), new CheckBudget()));
    }

    static Network network(HookCommands commands) {
        return Simulation.network(commands, 1).withRemovalGrace(Duration.ZERO);
    }

    static Local local() {
        return new Local("self", Simulation.address(200), Simulation.OWN);
    }

    static Peer peer(int subnet, String node, String data) {
        return new Peer(Simulation.subnet(subnet), Simulation.address(subnet), node, data);
    }

    /** From now on these are desired, and nothing else. */
    void desire(Instant now, Peer... desired) {
        var bySubnet = new HashMap<Subnet, Peer>();
        for (Peer peer : desired) {
            bySubnet.put(peer.subnet(), peer);
        }
        peers.desire(Map.copyOf(bySubnet), now);
    }

    Optional<PeerTask> next(Instant now) {
        return peers.next(RUNS, now);
    }

    /** Takes the hook that is due, which must be this one for this peer. */
    PeerTask takes(Hook hook, Peer peer, Instant now) {
        PeerTask task = next(now).orElseThrow();
        assertThat(describe(task.invocation())).isEqualTo(hook.text() + " " + peer);
        return task;
    }

    private static String describe(HookInvocation invocation) {
        return invocation.hook().text() + " "
                + (invocation instanceof HookInvocation.ForPeer forPeer ? forPeer.peer() : invocation);
    }

    void finish(PeerTask task, HookOutcome outcome, Instant now) {
        peers.finished(task, outcome, now);
    }

    void runs(Hook hook, Peer peer, HookOutcome outcome, Instant now) {
        finish(takes(hook, peer, now), outcome, now);
    }

    /** The consistent read of those that wait for one: their leases are gone. */
    void confirmGone(Instant now) {
        List<Peer> asked = peers.takeUnconfirmed();
        var gone = new HashSet<Subnet>();
        asked.forEach(peer -> gone.add(peer.subnet()));
        peers.confirmed(asked, gone, now);
    }

    /** The first moment at which something may be due after {@code now}. */
    Instant later(Instant now) {
        return peers.nextAt(now).filter(at -> at.isAfter(now)).orElseThrow();
    }

    /** Other commands are in effect from now on. */
    void configure(HookCommands commands, Instant now) {
        peers.configure(network(commands), local(), now);
    }

    /** Takes over what an earlier agent had journalled. */
    void restore(AppliedPeer... applied) {
        var state = JournalState.EMPTY;
        for (AppliedPeer peer : applied) {
            state = state.after(List.of(new JournalEntry.PutPeer(peer)));
        }
        peers.restore(state);
    }
}

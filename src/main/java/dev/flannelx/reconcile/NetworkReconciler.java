package dev.flannelx.reconcile;

import dev.flannelx.hook.DesiredPeers;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.AppliedStartup.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One network on one node: what the directive, the journal and the leases together call for next.
 *
 * <p>The node's own hooks and its peers' take turns: a startup that begins, starts over or ends has the node to itself;
 * once it is up, peers are reconciled. A change of what brought the node up takes the peers down first, then the
 * startup, then begins anew (as does a teardown, but for the last step). Everything is decided anew from state at each
 * call, so that a crash between any two steps leads back to the same place. Not thread-safe.
 */
final class NetworkReconciler {
    /** After this long a node counts as ready though some peer has not been tried yet. */
    static final Duration FIRST_ROUND = Duration.ofSeconds(60);

    private final Ports ports;
    private final AgentOptions options;
    private final RandomGenerator random;
    private final Function<Hook, String> runs;
    private final JournalWriter journal;
    private final StartupReconciler startup;
    private final LeaseWatch leaseWatch = new LeaseWatch();
    private final Set<String> survivors = new HashSet<>();

    private Self self;
    private @Nullable PeerReconciler peers;
    private @Nullable Directive directive;
    private JournalState restored = JournalState.EMPTY;
    private boolean survivorsEnded;
    private boolean synced;
    private boolean restarting;
    private boolean doubted;
    private @Nullable Instant activeSince;
    private Chore.@Nullable Publish published;
    private Instant choreAt = Instant.MIN;
    private boolean choreBusy;
    private int hooksUnderWay;
    private String trouble = "";
    private boolean forgotten;
    private Standing standing = new Standing(null, false, false);

    NetworkReconciler(
            Ports ports, Self self, AgentOptions options, RandomGenerator random, Function<Hook, String> runs) {
        this.ports = ports;
        this.self = self;
        this.options = options;
        this.random = random;
        this.runs = runs;
        journal = new JournalWriter(ports.journal());
        startup = new StartupReconciler(journal, ports.observer(), random);
    }

    /** The spec in effect here; empty before anything began. */
    Optional<Network> network() {
        return startup.applied().map(AppliedStartup::network);
    }

    JournalWriter journal() {
        return journal;
    }

    /** Takes over what an earlier agent left. Called once, first. */
    void restore(JournalState state) {
        restored = state;
        startup.restore(state);
        startup.applied().ifPresent(applied -> {
            if (applied.run() != null) {
                survivors.add(applied.run());
            }
            peers = newPeers(applied.network(), applied.local());
        });
        state.peers().values().forEach(peer -> {
            if (peer.run() != null) {
                survivors.add(peer.run());
            }
        });
    }

    void want(Directive newDirective, Instant now) {
        directive = newDirective;
        forgotten = false;
        leaseWatch.tryNow(now);
    }

    void become(Self newSelf) {
        self = newSelf;
    }

    /** Looks at the leases as the store has last seen them. */
    void look(Instant now) {
        Optional<List<Lease>> leases = ports.leases().leases();
        AppliedStartup applied = startup.applied().orElse(null);
        if (leases.isEmpty() || peers == null || applied == null) {
            return;
        }
        boolean first = !synced;
        synced = true;
        List<Lease> counted = CountedLeases.of(applied.network(), leases.get()).counted();
        peers.desire(DesiredPeers.of(counted, self.node()), now);
        if (first) {
            peers.renewAll(now);
        }
        leaseWatch
                .look(leases.get(), applied.network(), self, applied.data(), now)
                .ifPresent(lost -> ports.observer().leaseLost(lost.subnet(), "the lease is gone"));
        leaseWatch.tryNow(now);
    }

    /** Looks at everything again, as if it had changed. */
    void resync(Instant now) {
        published = null;
        look(now);
    }

    /** The next hook to run, now in the caller's hands; empty if there is none now. */
    Optional<HookTask> nextHook(Instant now) {
        advance(now);
        AppliedStartup applied = startup.applied().orElse(null);
        if (!survivorsEnded || peers == null || applied == null || hooksUnderWay >= parallelism()) {
            return Optional.empty();
        }
        Optional<HookTask> task = switch (directive) {
            case null -> Optional.empty();
            case Directive.Hold _ -> Optional.empty();
            case Directive.TearDown() -> nextDown(peers, now);
            case Directive.Join join ->
                isGoingDown(join, applied) ? nextDown(peers, now) : nextUp(peers, join, applied, now);
        };
        task.ifPresent(taken -> hooksUnderWay++);
        return task;
    }

    private Optional<HookTask> nextUp(PeerReconciler peers, Directive.Join join, AppliedStartup applied, Instant now) {
        boolean alone = startup.startsOver() || applied.stage() != Stage.CONFIGURED;
        if (!alone || peers.isIdle()) {
            Optional<NodeTask> task = startup.next(effective(join, applied), self, runs, now);
            if (task.isPresent()) {
                return task.map(HookTask.OfNode::new);
            }
        }
        return startup.isUp() && synced ? peers.next(runs, now).map(HookTask.OfPeers::new) : Optional.empty();
    }

    private Optional<HookTask> nextDown(PeerReconciler peers, Instant now) {
        if (!startup.isBusy() && !peers.isDrained()) {
            return peers.next(runs, now).map(HookTask.OfPeers::new);
        }
        return startup.nextDown(runs, now).map(HookTask.OfNode::new);
    }

    /** Whether the node is further on than at the last call in a way that may make a chore. */
    boolean hasMovedOn() {
        var current = new Standing(startup.applied().orElse(null), startup.isUp(), startup.isDown());
        boolean asked = peers != null && peers.takeAskedForConfirmation();
        boolean moved = !current.equals(standing);
        standing = current;
        return moved || asked;
    }

    private record Standing(@Nullable AppliedStartup startup, boolean up, boolean down) {}

    /** The hook could not be begun: its intent could not be written. */
    void notBegun(HookTask task, String message, Instant now) {
        hooksUnderWay--;
        trouble = message;
        switch (task) {
            case HookTask.OfNode(NodeTask node) -> startup.notBegun(node, now);
            case HookTask.OfPeers(PeerTask peer) -> requirePeers().notBegun(peer, now);
        }
    }

    /** The hook has run. */
    void finished(HookTask task, HookOutcome outcome, Instant now) {
        hooksUnderWay--;
        switch (task) {
            case HookTask.OfNode(NodeTask node) -> startup.finished(node, outcome, isGoingDown(), now);
            case HookTask.OfPeers(PeerTask peer) -> requirePeers().finished(peer, outcome, now);
        }
    }

    /** The next chore, now in the caller's hands; one at a time. */
    Optional<Chore> nextChore(Instant now) {
        advance(now);
        Optional<Chore> chore = choreBusy || directive == null ? Optional.empty() : chore(directive, now);
        choreBusy |= chore.isPresent();
        return chore;
    }

    private Optional<Chore> chore(Directive wanted, Instant now) {
        if (!survivorsEnded) {
            return Optional.of(new Chore.EndSurvivors(Set.copyOf(survivors)));
        }
        if (now.isBefore(choreAt)) {
            return Optional.empty();
        }
        if (journal.isBehind()) {
            return Optional.of(new Chore.Flush());
        }
        AppliedStartup applied = startup.applied().orElse(null);
        return switch (wanted) {
            case Directive.Hold _ -> Optional.empty();
            case Directive.TearDown() -> forget(applied);
            case Directive.Join join -> {
                if (applied != null && !isSameNetwork(join, applied)) {
                    yield forget(applied);
                }
                yield applied == null || restarting ? Optional.empty() : choreUp(applied, now);
            }
        };
    }

    private Optional<Chore> forget(@Nullable AppliedStartup applied) {
        if (forgotten || hooksUnderWay > 0) {
            return Optional.empty();
        }
        if (applied == null) {
            return Optional.of(new Chore.ForgetNothing());
        }
        if (!startup.isDown()) {
            return Optional.empty();
        }
        Subnet subnet =
                leaseWatch.held().map(Lease::subnet).orElse(applied.local().subnet());
        return Optional.of(
                subnet == null
                        ? new Chore.ForgetNothing()
                        : new Chore.Forget(
                                applied.network(), LeaseClaim.held(applied.network(), self, subnet, applied.data())));
    }

    private Optional<Chore> choreUp(AppliedStartup applied, Instant now) {
        boolean unheld = leaseWatch.held().isEmpty() && applied.stage() != Stage.PREPARING;
        if ((startup.wantsSubnet() || unheld) && synced && !now.isBefore(leaseWatch.claimAt())) {
            return Optional.of(new Chore.Claim(new ClaimRequest(
                    applied.network(), self, applied.data(), applied.local().subnet(), options.moveOnSubnetLost())));
        }
        Chore.Publish publish = publication(applied);
        if (startup.isUp() && publish != null && !publish.equals(published)) {
            return Optional.of(publish);
        }
        var unconfirmed = startup.isUp() ? requirePeers().takeUnconfirmed() : List.<Peer>of();
        return unconfirmed.isEmpty() ? Optional.empty() : Optional.of(new Chore.ConfirmGone(unconfirmed));
    }

    /** The chore was tried. */
    void finished(Chore chore, ChoreResult result, Instant now) {
        choreBusy = false;
        if (result instanceof ChoreResult.Troubled(String message)) {
            trouble = message;
            choreAt = now.plus(Duration.ofSeconds(1));
        } else {
            trouble = "";
        }
        switch (chore) {
            case Chore.EndSurvivors _ -> survivorsEnded = true;
            case Chore.Claim(ClaimRequest request) -> claimed(request, result, now);
            case Chore.ConfirmGone(var asked) ->
                requirePeers().confirmed(asked, result instanceof ChoreResult.Gone(var gone) ? gone : Set.of(), now);
            case Chore.Publish publish -> published = result instanceof ChoreResult.Done ? publish : null;
            case Chore.Flush() -> {}
            case Chore.Forget _, Chore.ForgetNothing _ -> {
                if (result instanceof ChoreResult.Done) {
                    forgetAll();
                }
            }
        }
    }

    private void claimed(ClaimRequest request, ChoreResult result, Instant now) {
        Backoff backoff = Backoff.of(request.network().settings());
        switch (result) {
            case ChoreResult.Claimed(ClaimResult.Held(Lease lease)) -> {
                leaseWatch.held(lease, now);
                startup.claimed(lease.subnet());
                ports.observer().leaseAcquired(lease);
            }
            case ChoreResult.Claimed(ClaimResult.Lost(Subnet subnet, String node)) -> {
                String message = "subnet " + subnet + " is now node " + node + "'s";
                if (!leaseWatch.trouble().equals("SubnetLost")) {
                    ports.observer().leaseLost(subnet, message);
                }
                leaseWatch.denied("SubnetLost", message, backoff, now, random);
            }
            case ChoreResult.Claimed(ClaimResult.Exhausted(String message)) ->
                leaseWatch.denied("PoolExhausted", message, backoff, now, random);
            case ChoreResult.Claimed(ClaimResult.Refused(String message)) ->
                leaseWatch.denied("ClaimRefused", message, backoff, now, random);
            case ChoreResult.Troubled(String message) ->
                leaseWatch.denied("ClaimFailed", message, backoff, now, random);
            case ChoreResult.Done(), ChoreResult.Gone _ ->
                throw new IllegalStateException("a claim ended as " + result);
        }
    }

    /** When to call again, if nothing happens before; empty if nothing will come of itself. */
    Optional<Instant> nextAt(Instant now) {
        var moments = new ArrayList<Instant>();
        startup.nextAt().ifPresent(moments::add);
        if (peers != null) {
            peers.nextAt().ifPresent(moments::add);
        }
        if (!leaseWatch.trouble().isEmpty()) {
            moments.add(leaseWatch.claimAt());
        }
        if (choreAt.isAfter(now)) {
            moments.add(choreAt);
        }
        if (activeSince != null) {
            moments.add(activeSince.plus(FIRST_ROUND));
        }
        return moments.stream().filter(moment -> moment.isAfter(now)).min(Comparator.naturalOrder());
    }

    /** Whether a teardown has done its last step. */
    boolean isForgotten() {
        return forgotten;
    }

    /** What the journal holds. */
    Optional<AppliedNetwork> applied() {
        return startup.applied().map(applied -> new AppliedNetwork(applied.networkUid(), applied.network()));
    }

    /** How many peers are ready and wait for a hook, and for how long the oldest has. */
    QueueState queue(Instant now) {
        return peers == null ? QueueState.EMPTY : peers.queue(now);
    }

    NetworkStatus status(String network, Instant now) {
        AppliedStartup applied = startup.applied().orElse(null);
        var failures = new ArrayList<>(startup.failure().stream().toList());
        if (peers != null) {
            failures.addAll(peers.failures());
        }
        var explanation = Explanation.of(directive, synced, trouble, startup, leaseWatch, peers);
        return new NetworkStatus(
                network,
                phase(applied),
                applied == null ? 0 : applied.generation(),
                applied == null ? null : applied.local().subnet(),
                isReady(now),
                explanation.reason(),
                explanation.message(),
                peers == null ? NetworkStatus.Peers.NONE : peers.counts(),
                failures.stream().limit(NetworkStatus.MAX_FAILURES).toList());
    }

    private boolean isReady(Instant now) {
        boolean tried = activeSince != null
                && peers != null
                && (peers.roundIsDone() || !now.isBefore(activeSince.plus(FIRST_ROUND)));
        return tried && leaseWatch.held().isPresent() && !(directive instanceof Directive.TearDown) && !restarting;
    }

    private Phase phase(@Nullable AppliedStartup applied) {
        return switch (directive) {
            case Directive.Hold(Phase phase, String _, String _) -> phase;
            case Directive.TearDown() -> Phase.TEARING_DOWN;
            case null -> Phase.PREPARING;
            case Directive.Join _ -> {
                if (applied == null || restarting || startup.startsOver()) {
                    yield Phase.PREPARING;
                }
                yield switch (applied.stage()) {
                    case PREPARING, SHUTTING_DOWN -> Phase.PREPARING;
                    case PREPARED -> Phase.CLAIMING;
                    case CONFIGURING -> Phase.CONFIGURING;
                    case CONFIGURED -> startup.isUp() ? Phase.ACTIVE : Phase.CONFIGURING;
                };
            }
        };
    }

    /** Brings what was decided in line with what is wanted by now; nothing here touches the world. */
    private void advance(Instant now) {
        AppliedStartup applied = startup.applied().orElse(null);
        switch (directive) {
            case null -> {}
            case Directive.Hold _ -> {}
            case Directive.TearDown() -> goDown(now);
            case Directive.Join join -> {
                if (applied == null) {
                    startup.begin(join, self, null);
                    peers = newPeers(
                            join.network(), startup.applied().orElseThrow().local());
                    look(now);
                } else if (isSameNetwork(join, applied)) {
                    advance(join, applied, requirePeers(), now);
                } else {
                    goDown(now);
                }
            }
        }
    }

    private void advance(Directive.Join join, AppliedStartup applied, PeerReconciler peers, Instant now) {
        Directive.Join effective = effective(join, applied);
        if (!restarting && mustRestart(effective.network(), applied)) {
            boolean underWay = applied.stage() == Stage.PREPARING || applied.stage() == Stage.CONFIGURING;
            if (underWay && !startup.startsOver()) {
                startup.startOver(now);
            }
            restarting = !underWay;
        }
        if (restarting) {
            goDown(now);
            if (peers.isDrained() && startup.isDown() && hooksUnderWay == 0) {
                restarting = false;
                Subnet subnet = leaseWatch
                        .held()
                        .map(Lease::subnet)
                        .orElse(applied.local().subnet());
                startup.begin(effective, self, subnet);
                peers.configure(
                        effective.network(), startup.applied().orElseThrow().local(), now);
                peers.drain(false, now);
            }
            return;
        }
        peers.drain(false, now);
        startup.adopt(effective);
        if (startup.startsOver() && !doubted) {
            peers.doubtAll(now);
        }
        doubted = startup.startsOver();
        boolean renewed = !applied.network()
                .commands()
                .peers()
                .equals(effective.network().commands().peers());
        peers.configure(effective.network(), startup.applied().orElseThrow().local(), now);
        boolean active = startup.isUp() && synced && published != null;
        if (!active) {
            activeSince = null;
        } else if (activeSince == null || renewed) {
            activeSince = now;
            peers.beginRound();
        }
    }

    private void goDown(Instant now) {
        activeSince = null;
        if (peers != null) {
            peers.drain(true, now);
        }
    }

    private boolean isGoingDown(Directive.Join join, AppliedStartup applied) {
        return restarting || !isSameNetwork(join, applied);
    }

    /** Whether it is the resource that was applied, or one made anew that says the same of who has which subnet. */
    private static boolean isSameNetwork(Directive.Join join, AppliedStartup applied) {
        return applied.networkUid().equals(join.uid()) || join.network().dividesAs(applied.network());
    }

    private boolean isGoingDown() {
        AppliedStartup applied = startup.applied().orElse(null);
        return switch (directive) {
            case null -> false;
            case Directive.Hold _ -> restarting;
            case Directive.TearDown() -> true;
            case Directive.Join join -> applied != null && isGoingDown(join, applied);
        };
    }

    /** Whether the node was brought up by other commands, or as another than it is now. */
    private boolean mustRestart(Network network, AppliedStartup applied) {
        boolean otherCommands = !applied.network()
                .commands()
                .startup()
                .bringsUpAs(network.commands().startup());
        boolean otherAddress = !applied.local().publicAddress().equals(self.publicAddress());
        Subnet subnet = applied.local().subnet();
        boolean moved = subnet != null
                && leaseWatch
                        .held()
                        .filter(lease -> !lease.subnet().equals(subnet))
                        .isPresent();
        return otherCommands || otherAddress || moved;
    }

    private static Directive.Join effective(Directive.Join join, AppliedStartup applied) {
        Network network = join.network().effective(applied.network(), join.permitted());
        boolean all = join.permitted() || network.equals(join.network());
        return new Directive.Join(
                network, join.uid(), all ? join.generation() : applied.generation(), join.permitted());
    }

    private Chore.@Nullable Publish publication(AppliedStartup applied) {
        return leaseWatch
                .held()
                .map(lease -> new Chore.Publish(applied.network(), lease.subnet()))
                .orElse(null);
    }

    private PeerReconciler newPeers(Network network, Local local) {
        var fresh = new PeerReconciler(network, local, journal, ports.observer(), random);
        fresh.restore(restored);
        restored = JournalState.EMPTY;
        return fresh;
    }

    private PeerReconciler requirePeers() {
        if (peers == null) {
            throw new IllegalStateException("no startup, and yet a peer");
        }
        return peers;
    }

    private void forgetAll() {
        forgotten = directive instanceof Directive.TearDown;
        startup.forget();
        leaseWatch.release();
        peers = null;
        synced = false;
        restarting = false;
        published = null;
        activeSince = null;
    }

    int parallelism() {
        return startup.applied()
                .map(applied -> applied.network().settings().parallelism())
                .orElse(1);
    }
}

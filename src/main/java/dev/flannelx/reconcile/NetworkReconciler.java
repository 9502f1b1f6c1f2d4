package dev.flannelx.reconcile;

import dev.flannelx.hook.DesiredPeers;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.lease.CountedLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One network on one node: what the directive, the journal and the leases together call for next.
 *
 * <p>A change of what brought the node up takes the peers down first, then the startup, then begins anew (as does a
 * teardown, but for the last step). Everything is decided anew from state at each call, so that a crash between any two
 * steps leads back to the same place. Which hook or chore is next, {@link HookTurns} and {@link Chores} say. Not
 * thread-safe.
 */
final class NetworkReconciler {
    /** After this long a node counts as ready though some peer has not been tried yet. */
    static final Duration FIRST_ROUND = Duration.ofSeconds(60);

    private final Ports ports;
    private final Shared shared;
    private final JournalWriter journal;
    private final StartupReconciler startup;
    private final HookTurns hooks;
    private final Chores chores;
    private final LeaseWatch leaseWatch = new LeaseWatch();

    private Self self;
    private @Nullable PeerReconciler peers;
    private @Nullable Directive directive;
    private JournalState restored = JournalState.EMPTY;
    private boolean synced;
    private boolean restarting;
    private boolean doubted;
    private @Nullable Instant activeSince;
    private String trouble = "";
    private boolean forgotten;
    private Standing standing = new Standing(null, false, false);

    NetworkReconciler(
            Ports ports, Self self, AgentOptions options, RandomGenerator random, Function<Hook, String> runs) {
        this.ports = ports;
        this.self = self;
        journal = new JournalWriter(ports.journal());
        shared = new Shared(journal, ports.observer(), random, new CheckBudget());
        startup = new StartupReconciler(shared);
        hooks = new HookTurns(runs);
        chores = new Chores(journal, ports.observer(), options, random);
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
        chores.restore(state);
        startup.applied().ifPresent(applied -> peers = newPeers(applied.network(), applied.local()));
    }

    void want(Directive newDirective, Instant now) {
        directive = newDirective;
        forgotten = false;
        leaseWatch.tryNow(now);
        if (newDirective instanceof Directive.Hold) {
            look(now);
        }
    }

    void become(Self newSelf, Instant now) {
        self = newSelf;
        leaseWatch.tryNow(now);
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
        CountedLeases sorted = CountedLeases.of(applied.network(), leases.get());
        ports.observer().leasesSkipped(sorted.skipped());
        peers.desire(
                DesiredPeers.of(sorted.counted(), self.node(), applied.local().subnet()), now);
        if (first) {
            peers.renewAll(now);
        }
        if (directive instanceof Directive.Hold) {
            leaseWatch.find(leases.get(), applied, self, now);
        }
        leaseWatch
                .look(leases.get(), applied.network(), self, applied.data(), now)
                .ifPresent(lost -> ports.observer().leaseLost(lost.subnet(), "the lease is gone"));
        leaseWatch.tryNow(now);
    }

    /** Looks at everything again, as if it had changed. */
    void resync(Instant now) {
        chores.publishAgain();
        look(now);
    }

    /** The next hook to run, now in the caller's hands; empty if there is none now. */
    Optional<HookTask> nextHook(Instant now) {
        if (chores.areForgetting()) {
            return Optional.empty();
        }
        advance(now);
        return chores.haveEndedSurvivors() ? hooks.next(situation(), now) : Optional.empty();
    }

    /** Whether the node is further on than at the last call in a way that may make a chore. */
    boolean hasMovedOn() {
        var current = new Standing(startup.applied().orElse(null), startup.isUp(), startup.isDown());
        boolean asked = peers != null && peers.takeAskedForConfirmation();
        boolean moved = !current.isAs(standing);
        standing = current;
        return moved || asked;
    }

    private record Standing(@Nullable AppliedStartup startup, boolean up, boolean down) {
        /** Written out, since a record's own {@code equals} takes longer, and every hook asks this. */
        boolean isAs(Standing other) {
            return Objects.equals(startup, other.startup) && up == other.up && down == other.down;
        }
    }

    /** The hook could not be begun: its intent could not be written. */
    void notBegun(HookTask task, String message, Instant now) {
        trouble = message;
        hooks.notBegun(task, situation(), now);
    }

    /** The hook has run. */
    void finished(HookTask task, HookOutcome outcome, Instant now) {
        hooks.finished(task, outcome, situation(), now);
    }

    /** The next chore, now in the caller's hands; one at a time. */
    Optional<Chore> nextChore(Instant now) {
        if (leaseWatch.patienceEnds().filter(end -> !now.isBefore(end)).isPresent()) {
            look(now);
        }
        advance(now);
        return chores.next(situation(), now);
    }

    /** The chore was tried. */
    void finished(Chore chore, ChoreResult result, Instant now) {
        trouble = result instanceof ChoreResult.Troubled(String message) && !(chore instanceof Chore.Publish)
                ? message
                : "";
        chores.finished(chore, result, situation(), now);
        boolean forgets = chore instanceof Chore.Forget || chore instanceof Chore.ForgetNothing;
        if (forgets && result instanceof ChoreResult.Done) {
            forgetAll();
        }
    }

    /** When to call again, if nothing happens before; empty if nothing will come of itself. */
    Optional<Instant> nextAt(Instant now) {
        var moments = new ArrayList<Instant>();
        startup.nextAt().ifPresent(moments::add);
        if (peers != null) {
            peers.nextAt(now).ifPresent(moments::add);
        }
        if (!leaseWatch.trouble().isEmpty()) {
            moments.add(leaseWatch.claimAt());
        }
        leaseWatch.patienceEnds().ifPresent(moments::add);
        moments.addAll(chores.retriesAt());
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
        boolean tried = activeSince != null
                && peers != null
                && (peers.roundIsDone() || !now.isBefore(activeSince.plus(FIRST_ROUND)));
        return StatusReport.of(network, situation(), trouble.isEmpty() ? chores.publishTrouble() : trouble, tried);
    }

    private Situation situation() {
        return new Situation(
                directive, self, startup, leaseWatch, peers, synced, restarting, hooks.areQuiet(), forgotten);
    }

    /** Brings what was decided in line with what is wanted by now; nothing here touches the world. */
    private void advance(Instant now) {
        AppliedStartup applied = startup.applied().orElse(null);
        switch (directive) {
            case null -> {}
            case Directive.Hold _ -> stay(now);
            case Directive.TearDown() -> goDown(now);
            case Directive.Join join -> {
                if (applied == null) {
                    startup.begin(join, self, null);
                    peers = newPeers(
                            join.network(), startup.applied().orElseThrow().local());
                    look(now);
                } else if (applied.isOf(join)) {
                    advance(applied.effective(join), applied, situation().requirePeers(), now);
                } else {
                    goDown(now);
                }
            }
        }
    }

    private void advance(Directive.Join effective, AppliedStartup applied, PeerReconciler peers, Instant now) {
        Subnet held = leaseWatch.held().map(Lease::subnet).orElse(null);
        if (!restarting && applied.differsFrom(effective.network(), self.publicAddress(), held)) {
            restarting = !startup.isComingUp();
            if (!restarting && !startup.startsOver()) {
                startup.startOver(now);
            }
        }
        if (!restarting) {
            goUp(effective, applied, peers, now);
            return;
        }
        goDown(now);
        if (peers.isDrained() && startup.isDown() && hooks.areQuiet()) {
            restarting = false;
            startup.begin(effective, self, held == null ? applied.local().subnet() : held);
            peers.configure(effective.network(), startup.applied().orElseThrow().local(), now);
            look(now);
            peers.drain(false, now);
        }
    }

    private void goUp(Directive.Join effective, AppliedStartup applied, PeerReconciler peers, Instant now) {
        peers.drain(false, now);
        startup.adopt(effective);
        boolean beginsAnew = startup.startsOver() && peers.isIdle();
        if (beginsAnew && !doubted) {
            peers.doubtAll(now);
        }
        doubted = beginsAnew;
        boolean renewed = !applied.network()
                .commands()
                .peers()
                .equals(effective.network().commands().peers());
        peers.configure(effective.network(), startup.applied().orElseThrow().local(), now);
        boolean active = startup.isUp() && synced && chores.havePublished();
        if (!active) {
            activeSince = null;
        } else if (activeSince == null || renewed) {
            activeSince = now;
            peers.beginRound();
        }
    }

    /** What an earlier agent brought up is up, though this one may do nothing about it. */
    private void stay(Instant now) {
        boolean up = startup.isUp() && synced && !restarting;
        if (up && activeSince == null && peers != null && !peers.isDraining()) {
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

    private PeerReconciler newPeers(Network network, Local local) {
        var fresh = new PeerReconciler(network, local, shared);
        fresh.restore(restored);
        restored = JournalState.EMPTY;
        return fresh;
    }

    private void forgetAll() {
        forgotten = directive instanceof Directive.TearDown;
        startup.forget();
        leaseWatch.release();
        peers = null;
        synced = false;
        restarting = false;
        activeSince = null;
    }

    int parallelism() {
        return startup.applied().map(AppliedStartup::parallelism).orElse(1);
    }
}

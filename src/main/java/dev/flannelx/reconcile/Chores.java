package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Hands out what there is to do besides hooks, one thing at a time: ending what an earlier agent left running, claims,
 * consistent reads, what is published, and the last steps of a teardown. Not thread-safe.
 */
final class Chores {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JournalWriter journal;
    private final ReconcileObserver observer;
    private final AgentOptions options;
    private final RandomGenerator random;
    private final Set<String> survivors = new HashSet<>();
    private boolean survivorsEnded;
    private Chore.@Nullable Publish published;
    private boolean republish;
    private Instant publishAt = Instant.MIN;
    private String publishTrouble = "";
    private Instant notBefore = Instant.MIN;
    private @Nullable Chore inHand;

    Chores(JournalWriter journal, ReconcileObserver observer, AgentOptions options, RandomGenerator random) {
        this.journal = journal;
        this.observer = observer;
        this.options = options;
        this.random = random;
    }

    /** Takes over what an earlier agent left: the runs that it had begun. */
    void restore(JournalState state) {
        if (state.startup() != null && state.startup().run() != null) {
            survivors.add(state.startup().run());
        }
        state.peers().values().forEach(peer -> {
            if (peer.run() != null) {
                survivors.add(peer.run());
            }
        });
    }

    /** Whether nothing that an earlier agent began runs any more: no hook may begin before. */
    boolean haveEndedSurvivors() {
        return survivorsEnded;
    }

    boolean havePublished() {
        return published != null;
    }

    /** What was published may have been taken away: it is published again, and counts as there until that fails. */
    void publishAgain() {
        republish = true;
    }

    /** Whether a last step of a teardown is under way: nothing may begin before it has ended. */
    boolean areForgetting() {
        return inHand instanceof Chore.Forget || inHand instanceof Chore.ForgetNothing;
    }

    /** The next chore, now in the caller's hands; one at a time. */
    Optional<Chore> next(Situation situation, Instant now) {
        Directive directive = situation.directive();
        if (inHand != null || directive == null) {
            return Optional.empty();
        }
        Optional<Chore> chore = next(situation, directive, now);
        inHand = chore.orElse(null);
        return chore;
    }

    private Optional<Chore> next(Situation situation, Directive directive, Instant now) {
        if (now.isBefore(notBefore)) {
            return Optional.empty();
        }
        if (!survivorsEnded) {
            return Optional.of(new Chore.EndSurvivors(Set.copyOf(survivors)));
        }
        if (journal.isBehind()) {
            return Optional.of(new Chore.Flush());
        }
        AppliedStartup applied = situation.applied();
        return switch (directive) {
            case Directive.Hold _ -> Optional.empty();
            case Directive.TearDown() -> forget(situation, applied);
            case Directive.Join join -> {
                if (applied != null && !applied.isOf(join)) {
                    yield forget(situation, applied);
                }
                yield applied == null || situation.restarting() ? Optional.empty() : nextUp(situation, applied, now);
            }
        };
    }

    private static Optional<Chore> forget(Situation situation, @Nullable AppliedStartup applied) {
        if (situation.forgotten() || !situation.quiet()) {
            return Optional.empty();
        }
        if (applied == null) {
            return Optional.of(new Chore.ForgetNothing());
        }
        if (!situation.startup().isDown()) {
            return Optional.empty();
        }
        Subnet subnet = situation.subnet();
        return Optional.of(
                subnet == null
                        ? new Chore.ForgetNothing()
                        : new Chore.Forget(
                                applied.network(),
                                LeaseClaim.held(applied.network(), situation.self(), subnet, applied.data())));
    }

    private Optional<Chore> nextUp(Situation situation, AppliedStartup applied, Instant now) {
        StartupReconciler startup = situation.startup();
        LeaseWatch lease = situation.lease();
        boolean unheld = lease.held().isEmpty() && applied.stage() != AppliedStartup.Stage.PREPARING;
        if ((startup.wantsSubnet() || unheld) && situation.synced() && !now.isBefore(lease.claimAt())) {
            return Optional.of(new Chore.Claim(new ClaimRequest(
                    applied.network(),
                    situation.self(),
                    applied.data(),
                    situation.subnet(),
                    options.moveOnSubnetLost())));
        }
        Optional<Chore> publish = lease.held()
                .<Chore>map(held -> new Chore.Publish(applied.network(), held.subnet()))
                .filter(wanted -> republish || !wanted.equals(published));
        if (startup.isUp() && publish.isPresent() && !now.isBefore(publishAt)) {
            return publish;
        }
        var unconfirmed = startup.isUp() ? situation.requirePeers().takeUnconfirmed() : List.<Peer>of();
        return unconfirmed.isEmpty() ? Optional.empty() : Optional.of(new Chore.ConfirmGone(unconfirmed));
    }

    /** The chore was tried. What comes of a forgotten network is the caller's. */
    void finished(Chore chore, ChoreResult result, Situation situation, Instant now) {
        inHand = null;
        if (result instanceof ChoreResult.Troubled && !(chore instanceof Chore.Publish)) {
            notBefore = now.plus(PAUSE);
        }
        switch (chore) {
            case Chore.EndSurvivors _ -> survivorsEnded = result instanceof ChoreResult.Done;
            case Chore.Claim(ClaimRequest request) -> {
                if (isOutdated(request, situation)) {
                    claimedAsItWas(result, situation, now);
                } else {
                    claimed(request, result, situation, now);
                }
            }
            case Chore.ConfirmGone(var asked) ->
                situation
                        .requirePeers()
                        .confirmed(asked, result instanceof ChoreResult.Gone(var gone) ? gone : Set.of(), now);
            case Chore.Publish publish -> published(publish, result, now);
            case Chore.Forget _, Chore.ForgetNothing() -> {
                published = null;
                publishTrouble = "";
            }
            case Chore.Flush() -> {}
        }
    }

    /** What cannot be published is tried again after a pause of its own: peers that have gone are removed meanwhile. */
    private void published(Chore.Publish publish, ChoreResult result, Instant now) {
        republish = false;
        if (result instanceof ChoreResult.Troubled(String message)) {
            published = null;
            publishAt = now.plus(PAUSE);
            publishTrouble = message;
        } else {
            published = publish;
            publishTrouble = "";
        }
    }

    /** Whether the node has become another, or was prepared anew, while the claim was under way. */
    private static boolean isOutdated(ClaimRequest request, Situation situation) {
        AppliedStartup applied = situation.applied();
        return applied == null
                || !request.data().equals(applied.data())
                || !request.self().equals(situation.self());
    }

    /** The subnet is held, if this node got it; the next look for a chore has others read what is true by now. */
    private static void claimedAsItWas(ChoreResult result, Situation situation, Instant now) {
        if (result instanceof ChoreResult.Claimed(ClaimResult.Held(Lease lease))
                && lease.nodeUid().equals(situation.self().uid())) {
            situation.lease().held(lease, now);
        }
    }

    private void claimed(ClaimRequest request, ChoreResult result, Situation situation, Instant now) {
        Backoff backoff = Backoff.of(request.network().settings());
        LeaseWatch watch = situation.lease();
        switch (result) {
            case ChoreResult.Claimed(ClaimResult.Held(Lease lease)) -> {
                watch.held(lease, now);
                situation.startup().claimed(lease.subnet());
                observer.leaseAcquired(lease);
            }
            case ChoreResult.Claimed(ClaimResult.Lost(Subnet subnet, String node)) -> {
                String message = "subnet " + subnet + " is now node " + node + "'s";
                if (!watch.trouble().equals("SubnetLost")) {
                    observer.leaseLost(subnet, message);
                }
                watch.denied("SubnetLost", message, backoff, now, random);
            }
            case ChoreResult.Claimed(ClaimResult.Exhausted(String message)) ->
                watch.denied(NetworkStatus.POOL_EXHAUSTED, message, backoff, now, random);
            case ChoreResult.Claimed(ClaimResult.Refused(String message)) ->
                watch.denied("ClaimRefused", message, backoff, now, random);
            case ChoreResult.Troubled(String message) -> watch.denied("ClaimFailed", message, backoff, now, random);
            case ChoreResult.Done(), ChoreResult.Gone _ ->
                throw new IllegalStateException("a claim ended as " + result);
        }
    }

    /** Why something could not be published the last time; empty where it could. */
    String publishTrouble() {
        return publishTrouble;
    }

    /** When to ask again after trouble, of each kind; in the past where there was none. */
    List<Instant> retriesAt() {
        return List.of(notBefore, publishAt);
    }
}

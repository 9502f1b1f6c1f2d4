package dev.flannelx.reconcile;

import dev.flannelx.lease.Lease;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** A node that only claims, as its agent would, without the agent around it. */
public final class Claimant {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final LeaseClaim claim;
    private final ClaimRequest request;

    /** @param observer hears of subnets that were taken */
    public Claimant(LeaseStore store, Network network, Self self, ReconcileObserver observer) {
        claim = new LeaseClaim(store, observer);
        request = new ClaimRequest(network, self, "", null, false);
    }

    /**
     * Claims until there is a lease.
     *
     * @throws IllegalStateException if there will be none
     */
    public Lease claim() throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                ClaimResult result = claim.claim(request, Instant.now());
                if (result instanceof ClaimResult.Held(Lease lease)) {
                    return lease;
                }
                throw new IllegalStateException(request.self().node() + " has no subnet: " + result);
            } catch (IOException e) {
                Thread.sleep(BACKOFF.delay(attempt, Duration.ZERO, ThreadLocalRandom.current()));
            }
        }
    }
}

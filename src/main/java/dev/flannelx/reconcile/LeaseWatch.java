package dev.flannelx.reconcile;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of its own lease. A lease that was just written may not have come back by the watch yet: until it
 * has, or a while has passed, the store's answer counts.
 */
final class LeaseWatch {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private @Nullable Lease held;
    private boolean seen;
    private Instant heldSince = Instant.MIN;
    private String trouble = "";
    private String message = "";
    private int failures;
    private Instant claimAt = Instant.MIN;

    Optional<Lease> held() {
        return Optional.ofNullable(held);
    }

    /** A CamelCase word for why there is no lease, or empty. */
    String trouble() {
        return trouble;
    }

    String message() {
        return message;
    }

    Instant claimAt() {
        return claimAt;
    }

    void held(Lease lease, Instant now) {
        held = lease;
        heldSince = now;
        seen = false;
        failures = 0;
        trouble = "";
        message = "";
    }

    /** There is none, and it is to be tried again after a pause. */
    void denied(String why, String what, Backoff backoff, Instant now, RandomGenerator random) {
        trouble = why;
        message = what;
        failures++;
        claimAt = now.plus(backoff.delay(failures, Duration.ZERO, random));
    }

    /** Something may have become free. */
    void tryNow(Instant now) {
        if (!trouble.isEmpty() && claimAt.isAfter(now)) {
            claimAt = now;
        }
    }

    void release() {
        held = null;
    }

    /** When the leases are to be looked at though nobody said that they changed; empty once they have shown this one. */
    Optional<Instant> patienceEnds() {
        return held == null || seen ? Optional.empty() : Optional.of(heldSince.plus(PATIENCE));
    }

    /** Takes the lease that an earlier agent claimed for held, if it says what it should: nothing may be claimed now. */
    void find(List<Lease> leases, AppliedStartup applied, Self self, Instant now) {
        Subnet subnet = applied.local().subnet();
        if (held != null || subnet == null) {
            return;
        }
        own(leases, subnet, self)
                .filter(lease -> isRight(lease, applied.network(), self, applied.data()))
                .ifPresent(lease -> held(lease, now));
    }

    /**
     * Looks at the leases as last seen.
     *
     * @return the lease that was held and no longer is, if this is when it was lost
     */
    Optional<Lease> look(List<Lease> leases, Network network, Self self, String data, Instant now) {
        Lease mine = held;
        if (mine == null) {
            return Optional.empty();
        }
        Optional<Lease> current = own(leases, mine.subnet(), self);
        if (current.filter(lease -> isRight(lease, network, self, data)).isPresent()) {
            seen = true;
            return Optional.empty();
        }
        if (!seen && now.isBefore(heldSince.plus(PATIENCE))) {
            return Optional.empty();
        }
        held = null;
        claimAt = now;
        return current.isPresent() ? Optional.empty() : Optional.of(mine);
    }

    private static Optional<Lease> own(List<Lease> leases, Subnet subnet, Self self) {
        return leases.stream()
                .filter(lease ->
                        lease.nodeUid().equals(self.uid()) && lease.subnet().equals(subnet))
                .findFirst();
    }

    private static boolean isRight(Lease lease, Network network, Self self, String data) {
        return LeaseClaim.published(lease, network, self, data).equals(lease);
    }
}

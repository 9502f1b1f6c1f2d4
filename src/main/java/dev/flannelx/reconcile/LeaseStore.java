package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who has which subnet of one network, as the cluster knows it. Every method but {@link #leases()} may block. */
public interface LeaseStore {
    /** All leases as last seen; empty until they have been seen completely. Never blocks. */
    Optional<List<Lease>> leases();

    /**
     * Claims the lease's subnet for its node, if nobody has it.
     *
     * @throws IOException if the store did not answer; the lease may be there all the same
     */
    Creation create(Lease lease) throws IOException;

    /**
     * Writes public address, backend type and data, acquire time and owner of a lease that is this node's.
     *
     * @throws IOException if the store did not answer
     */
    Update update(Lease lease) throws IOException;

    /**
     * Gives the lease up: deletes it, or empties it where it is a reservation. No error if it is gone.
     *
     * @throws IOException if the store did not answer
     */
    void release(Lease lease) throws IOException;

    /**
     * Those of the peers that, by a read that is not from any cache, no longer have a lease there.
     *
     * @throws IOException if the store did not answer, or cannot say (its resource type is gone or going)
     */
    Set<Subnet> confirmGone(List<Peer> peers) throws IOException;

    /** What became of a create. */
    sealed interface Creation {
        /** The lease as it stands now: new, or this node's own by an earlier try whose answer was lost. */
        record Created(Lease lease) implements Creation {}

        /** It is another node's. */
        record Taken(String node) implements Creation {}

        /** The store will not have it, for a reason that trying again does not mend. */
        record Refused(String message) implements Creation {}
    }

    /** What became of an update. */
    sealed interface Update {
        record Updated(Lease lease) implements Update {}

        /** It is gone, another's, or was changed meanwhile: look again. */
        record Outdated() implements Update {}

        record Refused(String message) implements Update {}
    }
}

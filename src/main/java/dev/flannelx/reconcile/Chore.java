package dev.flannelx.reconcile;

import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import java.util.List;
import java.util.Set;

/** What there is to do besides hooks. It may block, so that it has a thread of its own. */
sealed interface Chore {
    /** End what is left of runs that an earlier agent began. */
    record EndSurvivors(Set<String> runs) implements Chore {}

    record Claim(ClaimRequest request) implements Chore {}

    /** See by a consistent read which of these peers' leases are gone. */
    record ConfirmGone(List<Peer> peers) implements Chore {}

    record Publish(Network network, Subnet subnet) implements Chore {}

    /** Write what was noted and could not be written. */
    record Flush() implements Chore {}

    /** The last steps of a teardown: take back what was published, give the lease up, forget. */
    record Forget(Network network, Lease lease) implements Chore {}

    /** The last step of a teardown of which nothing had begun. */
    record ForgetNothing() implements Chore {}
}

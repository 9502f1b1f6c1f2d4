package dev.flannelx.lease;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which lease is a node's own. */
public final class OwnLease {
    private OwnLease() {}

    /**
     * Of a node's leases the one with the subnet that it had, else a reservation for it, else the oldest.
     *
     * @param leases those that count
     * @param uid the node's; a lease of a deleted Node of the same name is not its own, a reservation is
     * @param previous the subnet that the node had, or null
     */
    public static Optional<Lease> choose(List<Lease> leases, String node, String uid, @Nullable Subnet previous) {
        return of(leases, node, uid).min(preferred(previous));
    }

    /**
     * The leases that a node does not keep and nobody made for it: to be deleted.
     *
     * @param kept the subnet that the node says it has, or null
     */
    public static List<Lease> surplus(List<Lease> leases, String node, String uid, @Nullable Subnet kept) {
        return of(leases, node, uid)
                .sorted(preferred(kept))
                .skip(1)
                .filter(lease -> !lease.reserved())
                .toList();
    }

    private static Stream<Lease> of(List<Lease> leases, String node, String uid) {
        return leases.stream()
                .filter(lease -> lease.node().equals(node)
                        && (lease.reserved() || lease.nodeUid().equals(uid)));
    }

    private static Comparator<Lease> preferred(@Nullable Subnet previous) {
        return Comparator.comparing((Lease lease) -> lease.subnet().equals(previous))
                .thenComparing(Lease::reserved)
                .reversed()
                .thenComparing(Lease::createTime)
                .thenComparing(Lease::subnet);
    }
}

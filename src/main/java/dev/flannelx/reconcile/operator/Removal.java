package dev.flannelx.reconcile.operator;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;

/** A lease that is to go, or to be emptied where it is reserved. It is looked at again before that is done. */
public sealed interface Removal {
    Lease lease();

    /** Why, for a person. */
    String reason();

    /** Its Node is gone, is another one, or was not ready and its agent silent for too long. */
    record Expired(Lease lease, String reason) implements Removal {}

    /**
     * Its node keeps another one.
     *
     * @param kept the subnet of that
     */
    record Surplus(Lease lease, Subnet kept) implements Removal {
        @Override
        public String reason() {
            return "node %s keeps %s".formatted(lease.node(), kept);
        }
    }

    /** It lies outside its Node's podCIDRs, in a network whose leases are those. */
    record Outside(Lease lease, Subnet podCidrs) implements Removal {
        @Override
        public String reason() {
            return "the podCIDRs of node %s are %s".formatted(lease.node(), podCidrs);
        }
    }
}

package dev.flannelx.reconcile.operator;

import dev.flannelx.reconcile.NodeOrder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator is to do about one network now.
 *
 * @param orders to be written, by node; those of other nodes stay as they are
 * @param release whether the resource may go
 * @param nextAt when to decide again, if nothing changes before
 */
public record Decision(Map<String, NodeOrder> orders, NetworkReport report, Release release, Optional<Instant> nextAt) {
    public Decision {
        orders = Map.copyOf(orders);
    }
}

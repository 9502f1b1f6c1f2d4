package dev.flannelx.reconcile.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a FlannelNetwork's {@code status} is to say.
 *
 * @param generation of the spec that it is about
 * @param conditions what is left out does not apply
 * @param ready of the nodes that are to join
 * @param total nodes that are to join
 * @param updated of these, those with the latest spec
 * @param subnets null where the network makes no sense
 */
public record NetworkReport(
        long generation,
        List<NetworkCondition> conditions,
        int ready,
        int total,
        int updated,
        @Nullable SubnetFigures subnets) {

    public NetworkReport {
        conditions = List.copyOf(conditions);
    }

    /** Why its roll-out stopped, or empty: it did not. */
    public String haltedBecause() {
        return conditions.stream()
                .filter(condition -> condition.reason().equals(Progress.State.HALTED.text()))
                .map(NetworkCondition::message)
                .findFirst()
                .orElse("");
    }
}

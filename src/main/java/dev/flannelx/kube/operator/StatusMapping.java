package dev.flannelx.kube.operator;

import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.kube.resource.FlannelNetworkStatus.NodeCounts;
import dev.flannelx.kube.resource.FlannelNetworkStatus.SubnetCounts;
import dev.flannelx.reconcile.operator.NetworkCondition;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.SubnetFigures;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link NetworkReport}, and FlannelNetwork's {@code status}. */
final class StatusMapping {
    private StatusMapping() {}

    /**
     * The status.
     *
     * @param before as it is, or null: a condition whose status stays keeps its time
     * @param wall what people's clocks say now
     */
    static FlannelNetworkStatus status(NetworkReport report, @Nullable FlannelNetworkStatus before, Instant wall) {
        SubnetFigures subnets = report.subnets();
        return new FlannelNetworkStatus(
                report.generation(),
                report.conditions().stream()
                        .map(condition -> condition(condition, report.generation(), before, wall))
                        .toList(),
                new NodeCounts(
                        report.ready(),
                        report.total(),
                        report.updated(),
                        "%d/%d".formatted(report.ready(), report.total())),
                subnets == null ? null : new SubnetCounts(subnets.allocated(), subnets.capacity()));
    }

    private static Condition condition(
            NetworkCondition condition, long generation, @Nullable FlannelNetworkStatus before, Instant wall) {
        String type = condition.aspect().text();
        String status = condition.holds() ? "True" : "False";
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(condition.reason())
                .withMessage(condition.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(since(type, status, before, wall))
                .build();
    }

    private static String since(String type, String status, @Nullable FlannelNetworkStatus before, Instant wall) {
        return Optional.ofNullable(before)
                .flatMap(said -> said.condition(type))
                .filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(time -> !time.isEmpty())
                .orElseGet(() -> wall.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}

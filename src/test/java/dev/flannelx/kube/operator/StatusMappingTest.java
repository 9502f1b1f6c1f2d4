package dev.flannelx.kube.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.reconcile.operator.NetworkCondition;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.SubnetFigures;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusMappingTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final Instant LATER = T0.plusSeconds(60);

    @Test
    void writesWhatIsReported() {
        FlannelNetworkStatus status = StatusMapping.status(report(true, "all"), null, T0);
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.nodes()).isEqualTo(new FlannelNetworkStatus.NodeCounts(1, 3, 2, "1/3"));
        assertThat(status.subnets()).isEqualTo(new FlannelNetworkStatus.SubnetCounts(5, 255));
        assertThat(condition(status))
                .returns("Ready", Condition::getType)
                .returns("True", Condition::getStatus)
                .returns("Reason", Condition::getReason)
                .returns("all", Condition::getMessage)
                .returns(3L, Condition::getObservedGeneration)
                .returns("2026-01-01T00:00:00Z", Condition::getLastTransitionTime);
    }

    @Test
    void theTimeOfAConditionIsThatOfItsLastChangeOfStatus() {
        FlannelNetworkStatus before = StatusMapping.status(report(true, "all"), null, T0);
        assertThat(condition(StatusMapping.status(report(true, "other words"), before, LATER))
                        .getLastTransitionTime())
                .isEqualTo("2026-01-01T00:00:00Z");
        assertThat(condition(StatusMapping.status(report(false, "not all"), before, LATER))
                        .getLastTransitionTime())
                .isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void whatMakesNoSenseHasNoSubnets() {
        assertThat(StatusMapping.status(new NetworkReport(1, List.of(), 0, 0, 0, null), null, T0)
                        .subnets())
                .isNull();
    }

    private static NetworkReport report(boolean ready, String message) {
        return new NetworkReport(
                3,
                List.of(new NetworkCondition(Aspect.READY, ready, "Reason", message)),
                1,
                3,
                2,
                new SubnetFigures(5, 255, List.of(), Map.of(), List.of()));
    }

    private static Condition condition(FlannelNetworkStatus status) {
        return status.condition("Ready").orElseThrow();
    }
}

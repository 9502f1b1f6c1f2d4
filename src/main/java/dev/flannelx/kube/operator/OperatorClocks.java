package dev.flannelx.kube.operator;

import java.time.InstantSource;

/**
 * What an operator tells the time by.
 *
 * @param decisions for timeouts and expiry; monotonic
 * @param election for the leader's lease; monotonic
 * @param wall for what people read
 */
public record OperatorClocks(InstantSource decisions, InstantSource election, InstantSource wall) {
    /** Those of a real operator; {@code monotonic} serves for whatever takes time. */
    public static OperatorClocks of(InstantSource monotonic) {
        return new OperatorClocks(monotonic, monotonic, InstantSource.system());
    }
}

package dev.flannelx.kube.operator;

import java.time.Duration;

/**
 * How long it takes until another operator leads.
 *
 * @param duration without a change of the leader's lease, after which others may take it
 * @param deadline after which a leader that could not renew it no longer leads; shorter than {@code duration}
 * @param retry between two tries
 */
public record ElectionTiming(Duration duration, Duration deadline, Duration retry) {
    public static final ElectionTiming USUAL =
            new ElectionTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

    public ElectionTiming {
        if (deadline.compareTo(duration) >= 0) {
            throw new IllegalArgumentException(
                    "deadline " + deadline + " is wrong: want it shorter than duration " + duration);
        }
    }
}

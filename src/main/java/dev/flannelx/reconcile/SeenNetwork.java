package dev.flannelx.reconcile;

import dev.flannelx.network.Decoded;
import java.time.Instant;

/**
 * A FlannelNetwork as an agent finds it in the cluster.
 *
 * @param generation of the spec that was decoded
 * @param paused whether a person asked for all its hooks to be left alone
 * @param tearingDown whether the operator has said that it is to be taken down
 * @param deleted whether its deletion has been asked for
 */
public record SeenNetwork(
        String name,
        String uid,
        long generation,
        Instant created,
        boolean paused,
        boolean tearingDown,
        boolean deleted,
        Decoded decoded) {}

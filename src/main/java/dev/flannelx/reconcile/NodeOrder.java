package dev.flannelx.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * What the operator has told this node about a network.
 *
 * @param generation of the spec that may take effect here, or null
 * @param teardown the uid of a network to take down here, or null
 */
public record NodeOrder(@Nullable Long generation, @Nullable String teardown) {
    public static final NodeOrder NONE = new NodeOrder(null, null);
}

package dev.flannelx.kube.operator;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A turn of {@link Turns}. What failed is thrown when it is closed: after what does not depend on it.
 *
 * @param isOver whether all that was wanted has been tried; else the next turn is to come at once
 * @param failure what failed first, with whatever else did, or null
 */
record Turn(boolean isOver, @Nullable IOException failure) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}

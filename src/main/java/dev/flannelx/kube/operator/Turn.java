package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one resource after another: one that fails holds up no other, nor what is done before the turn is closed.
 * Only an API server that does not answer is left alone at once.
 */
final class Turn implements AutoCloseable {
    private final @Nullable IOException failure;

    private Turn(@Nullable IOException failure) {
        this.failure = failure;
    }

    /** A write of one thing. */
    @FunctionalInterface
    interface Write<T> {
        void write(T wanted) throws IOException;
    }

    /** Writes. */
    static <T> Turn take(Collection<T> wanted, Write<T> write) {
        IOException first = null;
        for (T next : wanted) {
            try {
                write.write(next);
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
                if (ApiCall.isUnanswered(e)) {
                    break;
                }
            }
        }
        return new Turn(first);
    }

    /** @throws IOException what failed first, with whatever else did */
    @Override
    public void close() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}

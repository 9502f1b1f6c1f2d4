package dev.flannelx.kube.operator;

import dev.flannelx.kube.ApiCall;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one kind, to one resource after another, which may be more than are made at a stretch: others want their turn,
 * and an operator that is at one thing for minutes is taken for dead. Each turn goes on with what the turns before have
 * not tried, whether or not that is to be seen yet; once all that is wanted has been tried, it begins again.
 *
 * <p>A write that fails holds up no other, and is told of when all have been tried. Only an API server that does not
 * answer is left alone at once. Not thread-safe.
 */
final class Turns<T> {
    /** After this long no other write is begun; one alone may take as long again, and more. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** A write of one thing. */
    @FunctionalInterface
    interface Write<T> {
        void write(T wanted) throws IOException;
    }

    private final InstantSource clock;
    private final Set<T> tried = new HashSet<>();
    private @Nullable IOException failure;

    /** @param clock monotonic */
    Turns(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes one; {@code wanted} is all that is to be written by now. */
    Turn take(Collection<T> wanted, Write<? super T> write) {
        Instant end = clock.instant().plus(LONGEST);
        for (T next : wanted) {
            if (tried.add(next)) {
                try {
                    write.write(next);
                } catch (IOException e) {
                    failed(e);
                    if (ApiCall.isUnanswered(e)) {
                        return new Turn(false, failure);
                    }
                }
                if (!clock.instant().isBefore(end)) {
                    return new Turn(false, null);
                }
            }
        }
        var last = new Turn(true, failure);
        tried.clear();
        failure = null;
        return last;
    }

    private void failed(IOException e) {
        if (failure == null) {
            failure = e;
        } else {
            failure.addSuppressed(e);
        }
    }
}

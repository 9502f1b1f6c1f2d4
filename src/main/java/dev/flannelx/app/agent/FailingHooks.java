package dev.flannelx.app.agent;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.Peer;
import dev.flannelx.lease.Subnet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which hooks failed when they last ran, so that it can be told when that begins and when it is over. Thread-safe. */
final class FailingHooks {
    /** A peer that goes while its add fails leaves one behind; the oldest make way. */
    private static final int MOST = 10_000;

    private record Key(Hook hook, @Nullable Subnet peer) {
        static Key of(HookInvocation invocation) {
            Subnet peer = invocation instanceof HookInvocation.ForPeer(var _, String _, var _, Peer about)
                    ? about.subnet()
                    : null;
            return new Key(invocation.hook(), peer);
        }
    }

    private final Set<Key> failing = new LinkedHashSet<>();

    /** It failed; tells whether it had not before. */
    synchronized boolean failed(HookInvocation invocation) {
        boolean first = failing.add(Key.of(invocation));
        if (failing.size() > MOST) {
            failing.remove(failing.iterator().next());
        }
        return first;
    }

    /** It succeeded, or is not tried any more; tells whether it had failed. */
    synchronized boolean over(HookInvocation invocation) {
        return failing.remove(Key.of(invocation));
    }
}

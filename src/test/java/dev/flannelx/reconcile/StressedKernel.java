package dev.flannelx.reconcile;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine whose hooks are run by several threads and fail now and again, before or after they have done their work. It
 * outlives its agents, each of which has a shell of its own; and it notes what no agent may do.
 */
final class StressedKernel {
    private static final int LONGEST_HOOK_NANOS = 500_000;

    private final Random random;
    private final Map<String, String> routes = new TreeMap<>();
    private final Map<String, String> tunnels = new TreeMap<>();
    private final Map<String, Hook> underWay = new HashMap<>();
    private final Set<String> offences = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private boolean up;
    private int ran;
    private boolean sound;

    StressedKernel(long seed) {
        random = new Random(seed);
    }

    /** From now on no hook fails. */
    synchronized void mend() {
        sound = true;
    }

    /** Node, address and data, by subnet: what add was told and remove has not taken away. */
    synchronized Map<String, String> routes() {
        return Map.copyOf(routes);
    }

    /** The same by node, as WireGuard keeps it. */
    synchronized Map<String, String> tunnels() {
        return Map.copyOf(tunnels);
    }

    synchronized Set<String> offences() {
        return Set.copyOf(offences);
    }

    synchronized int ran() {
        return ran;
    }

    private synchronized void begin(HookRun run) {
        for (String key : keys(run)) {
            Hook other = underWay.putIfAbsent(key, run.hook());
            if (other != null) {
                offences.add(run.hook() + " of " + key + " began during " + other);
            }
        }
    }

    private synchronized HookOutcome end(HookRun run, boolean alive) {
        keys(run).forEach(underWay::remove);
        ran++;
        boolean fails = fails(run);
        if (alive && (!fails || random.nextBoolean())) {
            work(run);
        }
        return fails || !alive
                ? new HookOutcome.Exited(1, "it failed\n", Duration.ZERO)
                : new HookOutcome.Succeeded("", "", Duration.ZERO);
    }

    /** One time out of four, but never twice in a row: nothing is set aside. */
    private boolean fails(HookRun run) {
        String what = run.hook() + " of " + run.variables().get("SUBNET");
        boolean may = !failed.remove(what) && !sound;
        return may && random.nextInt(4) == 0 && failed.add(what);
    }

    private void work(HookRun run) {
        String subnet = run.variables().getOrDefault("SUBNET", "");
        String node = run.variables().getOrDefault("NODE", "");
        switch (run.hook()) {
            case POST_STARTUP -> up = true;
            case SUBNET_ADD -> {
                if (!up) {
                    offences.add("added " + subnet + " on a node that is not up");
                }
                String what = node + " " + run.variables().get("PUBLIC_IP") + " "
                        + run.stdin().strip();
                routes.put(subnet, what);
                tunnels.put(node, what);
            }
            case SUBNET_REMOVE -> {
                routes.remove(subnet);
                tunnels.remove(node);
            }
            case SHUTDOWN -> {
                up = false;
                routes.clear();
                tunnels.clear();
            }
            case PRE_STARTUP, SUBNET_BATCH, SUBNET_CHECK, STARTUP_CHECK -> {}
        }
    }

    /** What no other hook may be about at the same time. */
    private static List<String> keys(HookRun run) {
        return List.of(
                "subnet " + run.variables().get("SUBNET"),
                "node " + run.variables().get("NODE"));
    }

    /** One agent's way to run hooks. */
    final class Shell implements HookRunner {
        private boolean alive = true;

        @Override
        public HookOutcome run(HookRun run) {
            begin(run);
            LockSupport.parkNanos(Math.floorMod(run.id().hashCode(), LONGEST_HOOK_NANOS));
            synchronized (StressedKernel.this) {
                return end(run, alive);
            }
        }

        /** What it was running has no effect any more. */
        void kill() {
            synchronized (StressedKernel.this) {
                alive = false;
            }
        }

        @Override
        public void endSurvivors(Set<String> runs) {}
    }
}

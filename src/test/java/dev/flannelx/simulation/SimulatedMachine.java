package dev.flannelx.simulation;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.reconcile.HookRun;
import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.simulation.Operation.HookEnd;
import dev.flannelx.simulation.Operation.Reboot;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A node's kernel, and the hooks that change it. A hook takes a moment and works at its end, unless it is killed before.
 * It may fail at random, and may have done its work all the same. An add fails where something is already.
 */
final class SimulatedMachine implements HookRunner {
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final String node;
    private final RandomGenerator random;
    private final Recording recording;
    private final Map<String, String> peers = new TreeMap<>();
    /** Those of them that a check has seen. */
    private final Set<String> seen = new TreeSet<>();

    private final Set<String> running = new HashSet<>();
    private boolean up;
    private int startups;
    private int changes;
    private int failing;

    SimulatedMachine(String node, RandomGenerator random, Recording recording) {
        this.node = node;
        this.random = random;
        this.recording = recording;
    }

    /** How many of a hundred hooks fail from now on. */
    synchronized void failing(int ofHundred) {
        failing = ofHundred;
    }

    /** The peers that are in place, as subnet and arguments. */
    synchronized Set<String> peers() {
        return peers.entrySet().stream()
                .map(peer -> peer.getKey() + " " + peer.getValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    synchronized boolean isUp() {
        return up;
    }

    /** How many hooks have ended that were there to change something. */
    synchronized int changes() {
        return changes;
    }

    /**
     * Somebody takes a peer away by hand. Only one that a check has seen: if the first check after an add finds nothing, then
     * by contract that is reported, and not repeated.
     */
    synchronized void spoil() {
        seen.stream().findFirst().ifPresent(spoilt -> {
            String arguments = remove(spoilt);
            recording.add(new HookEnd(node, Hook.SUBNET_REMOVE, spoilt, arguments, true));
        });
    }

    private String remove(String subnet) {
        seen.remove(subnet);
        return peers.remove(subnet);
    }

    private void removeAll() {
        seen.clear();
        peers.clear();
    }

    /** Everything that hooks made, and every hook that runs, is gone. */
    synchronized void reboot() {
        removeAll();
        running.clear();
        up = false;
        recording.add(new Reboot(node));
    }

    @Override
    public HookOutcome run(HookRun run) {
        long begun = System.nanoTime();
        begin(run);
        try {
            Thread.sleep(MOMENT.multipliedBy(random.nextInt(5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return end(run, Duration.ofNanos(System.nanoTime() - begun));
    }

    private synchronized void begin(HookRun run) {
        running.add(run.id());
    }

    private synchronized HookOutcome end(HookRun run, Duration took) {
        if (!running.remove(run.id())) {
            return new HookOutcome.Signalled(9, "", took);
        }
        if (!run.hook().isCheck()) {
            changes++;
        }
        boolean fails = !run.hook().isCheck() && random.nextInt(100) < failing;
        boolean works = !fails || random.nextBoolean();
        boolean right = works && work(run);
        recording.add(new HookEnd(node, run.hook(), subnet(run), arguments(run), right));
        return fails || !right
                ? new HookOutcome.Exited(1, "it failed", took)
                : new HookOutcome.Succeeded("data " + startups + " of " + node, "", took);
    }

    private boolean work(HookRun run) {
        return switch (run.hook()) {
            case PRE_STARTUP -> {
                startups++;
                yield true;
            }
            case POST_STARTUP -> {
                up = true;
                yield true;
            }
            case SHUTDOWN -> {
                up = false;
                removeAll();
                yield true;
            }
            case SUBNET_ADD -> up && peers.putIfAbsent(subnet(run), arguments(run)) == null;
            case SUBNET_REMOVE -> {
                remove(subnet(run));
                yield true;
            }
            case SUBNET_CHECK -> look(run);
            case STARTUP_CHECK -> up;
            case SUBNET_BATCH -> false;
        };
    }

    private boolean look(HookRun run) {
        boolean there = arguments(run).equals(peers.get(subnet(run)));
        if (there) {
            seen.add(subnet(run));
        }
        return there;
    }

    @Override
    public synchronized void endSurvivors(Set<String> runs) {
        running.removeAll(runs);
        running.removeIf(run -> run.startsWith("check-"));
    }

    private static String subnet(HookRun run) {
        return run.variables().get("SUBNET");
    }

    private static String arguments(HookRun run) {
        return "%s %s %s"
                .formatted(
                        run.variables().get("PUBLIC_IP"),
                        run.variables().get("NODE"),
                        run.stdin().strip());
    }
}

package dev.flannelx.reconcile.operator;

import dev.flannelx.network.Rollout;
import dev.flannelx.reconcile.operator.Progress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A roll-out over nodes that take their time, say late what they did, and fall silent now and then, with specs that
 * break nodes, orders that get lost and operators that change, in simulated time. It keeps the books on what must not
 * happen. Everything random comes from one seed.
 */
final class SimulatedRollout {
    private static final Rollout ONE_BY_ONE = new Rollout("1", Duration.ofMinutes(5));

    /** A node as it really is, and as its agent last said that it is. */
    private static final class Node {
        boolean alive = true;
        long ordered;
        long applied = 1;
        long said = 1;
        boolean saidReady = true;
        boolean raisedWhileReady;
    }

    final Random random;
    final List<String> offences = new ArrayList<>();
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Set<Long> broken = new HashSet<>();
    private final Set<Long> halted = new HashSet<>();
    private final Map<Long, Set<String>> harmed = new HashMap<>();
    private final Rollout rollout;
    private RolloutPlanner planner = new RolloutPlanner(1, null);
    private @Nullable Progress written;
    private long writtenFor = 1;
    private long generation = 1;
    private boolean prompt;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    SimulatedRollout(long seed) {
        random = new Random(seed);
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            nodes.put("node%02d".formatted(i), new Node());
        }
        rollout = random.nextInt(3) == 0 ? new Rollout("2", ONE_BY_ONE.timeout()) : ONE_BY_ONE;
    }

    void newSpec(boolean breaks) {
        generation++;
        if (breaks) {
            broken.add(generation);
        }
    }

    /** Another operator takes over, with what the network's status says. */
    void newOperator() {
        planner = new RolloutPlanner(generation, writtenFor == generation ? written : null);
    }

    void outage() {
        nodes.values().forEach(node -> node.alive = random.nextInt(6) != 0);
    }

    void everybodyLives() {
        nodes.values().forEach(node -> node.alive = true);
    }

    void step() {
        now = now.plusSeconds(random.nextInt(40));
        nodes.values().forEach(this::live);
        operate();
    }

    /** Goes on until nothing happens any more, with everybody alive and prompt. */
    Progress settle() {
        prompt = true;
        nodes.values().forEach(node -> node.alive = true);
        for (int i = 0; i < 400; i++) {
            step();
        }
        return plan().progress();
    }

    boolean allHaveTheLatestSpec() {
        return nodes.values().stream().allMatch(node -> node.applied == generation);
    }

    private void live(Node node) {
        if (node.alive && node.ordered == generation && acts()) {
            node.applied = generation;
        }
        if (node.alive && acts()) {
            node.said = node.applied;
            node.saidReady = !broken.contains(node.applied);
        }
    }

    private boolean acts() {
        return prompt || random.nextInt(3) == 0;
    }

    private void operate() {
        RolloutPlan plan = plan();
        if (halted.contains(generation) && !plan.raise().isEmpty()) {
            offences.add("raised %s after the halt of %d".formatted(plan.raise(), generation));
        }
        for (String name : new TreeSet<>(plan.raise())) {
            Node node = Objects.requireNonNull(nodes.get(name));
            boolean ready = isReady(node);
            if (random.nextInt(5) != 0) {
                node.ordered = generation;
                node.raisedWhileReady = ready;
            }
        }
        count();
        if (plan.progress().state() == State.HALTED) {
            halted.add(generation);
        }
        written = plan.progress();
        writtenFor = generation;
    }

    private void count() {
        Set<String> now = harmed.computeIfAbsent(generation, key -> new HashSet<>());
        nodes.forEach((name, node) -> {
            if (broken.contains(generation) && node.raisedWhileReady && node.ordered == generation) {
                now.add(name);
            }
        });
        if (now.size() > rollout.budget(nodes.size())) {
            offences.add("generation %d broke %s".formatted(generation, now));
        }
    }

    private RolloutPlan plan() {
        List<Member> members = new ArrayList<>();
        nodes.forEach((name, node) -> members.add(new Member(
                name, true, true, node.alive, isReady(node), node.said, node.ordered == 0 ? null : node.ordered, 0)));
        return planner.plan(generation, rollout, members, now);
    }

    private static boolean isReady(Node node) {
        return node.alive && node.saidReady;
    }
}

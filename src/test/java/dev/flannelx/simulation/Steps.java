package dev.flannelx.simulation;

import dev.flannelx.kube.fault.Faults;
import dev.flannelx.kube.fault.RandomFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What may happen in a cluster, one thing after the other, at random. */
final class Steps {
    private static final int LONGEST_PAUSE_MILLIS = 40;
    /** One step in so many, the API server goes away. */
    private static final int OUTAGE_EVERY = 400;

    private static final int LONGEST_OUTAGE = 15;

    @FunctionalInterface
    private interface Step {
        void take() throws IOException, InterruptedException;
    }

    /** @param ofPeople whether it takes an API server that answers */
    private record Weighed(int weight, String name, boolean ofPeople, Step step) {}

    private final SimulatedCluster cluster;
    private final Random random;
    private final List<Weighed> all;
    /** Nodes that are not simulated, and their subnets. */
    private final Map<String, String> strangers = new HashMap<>();
    /** Those of them that have a simulated node's subnet. */
    private final Map<String, String> thieves = new HashMap<>();

    private int strangersEver;
    private int outage;

    Steps(SimulatedCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
        all = List.of(
                new Weighed(10, "kill", false, () -> any().kill()),
                new Weighed(4, "stop", false, () -> any().stop()),
                new Weighed(18, "start", false, () -> any().start()),
                new Weighed(2, "reboot", false, () -> any().reboot()),
                new Weighed(4, "leave", true, () -> any().leave()),
                new Weighed(8, "join", true, () -> any().join()),
                new Weighed(3, "move", false, () -> any().move()),
                new Weighed(4, "cut", false, () -> any().proxy().cut()),
                new Weighed(12, "weather", false, () -> any().proxy().faults(weather())),
                new Weighed(4, "compare", false, () -> any().compare()),
                new Weighed(3, "spoil", false, () -> any().machine().spoil()),
                new Weighed(8, "fail", false, () -> any().machine().failing(random.nextInt(4) * 20)),
                new Weighed(5, "delete", true, this::delete),
                new Weighed(4, "stranger", true, this::stranger),
                new Weighed(3, "stranger leaves", true, this::strangerLeaves),
                new Weighed(2, "theft", true, this::steal),
                new Weighed(1, "commands", true, cluster::changeCommands),
                new Weighed(1, "pause", true, () -> cluster.pause(true)),
                new Weighed(2, "go on", true, () -> cluster.pause(false)),
                new Weighed(1, "clock", false, () -> any().wall().set(skew())),
                new Weighed(2, "operator killed", false, () -> anyOperator().kill()),
                new Weighed(1, "operator stops", false, () -> anyOperator().stop()),
                new Weighed(4, "operator starts", false, () -> anyOperator().start()),
                new Weighed(2, "operator's weather", false, () -> anyOperator().faults(weather())),
                new Weighed(
                        1, "operator's clock", false, () -> anyOperator().wall().set(skew())),
                new Weighed(1, "compact", true, () -> cluster.server().etcd().compact()));
    }

    /** Does one thing, and waits for a moment; tells what it was. */
    String take() throws IOException, InterruptedException {
        String name = endOrBeginOutage();
        if (name.isEmpty()) {
            Weighed chosen = choose();
            name = chosen.name();
            if (outage == 0 || !chosen.ofPeople()) {
                chosen.step().take();
            }
        }
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        return name;
    }

    private String endOrBeginOutage() throws IOException {
        if (outage > 0) {
            outage--;
            if (outage == 0) {
                cluster.server().start();
                return "the API server is back";
            }
        } else if (random.nextInt(OUTAGE_EVERY) == 0) {
            outage = 1 + random.nextInt(LONGEST_OUTAGE);
            cluster.server().stop();
            return "the API server goes away";
        }
        return "";
    }

    private Weighed choose() {
        int at = random.nextInt(all.stream().mapToInt(Weighed::weight).sum());
        for (Weighed one : all) {
            at -= one.weight();
            if (at < 0) {
                return one;
            }
        }
        throw new AssertionError("the weights do not add up");
    }

    /** Nothing that only people or the weather could end goes on, but what thieves took stays theirs. */
    void behave() throws IOException, InterruptedException {
        if (outage > 0) {
            outage = 0;
            cluster.server().start();
        }
        for (SimulatedNode node : cluster.nodes()) {
            node.proxy().faults(Faults.NONE);
            node.machine().failing(0);
            if (node.hasAbandoned()) {
                // Only the next agent tries again.
                node.stop();
            }
            node.start();
        }
        for (SimulatedOperator operator : cluster.operators()) {
            if (operator.isMisled()) {
                operator.kill();
            }
            operator.faults(Faults.NONE);
            operator.start();
        }
        cluster.pause(false);
    }

    /** Takes back what was stolen. */
    void chaseThieves() {
        thieves.keySet().forEach(cluster::free);
        thieves.clear();
    }

    private SimulatedNode any() {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }

    private SimulatedOperator anyOperator() {
        return cluster.operators().get(random.nextInt(cluster.operators().size()));
    }

    /** A day, either way, or the right time. */
    private Duration skew() {
        return Duration.ofDays(random.nextInt(-1, 2));
    }

    private Faults weather() {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Faults.NONE;
            case 2 -> new RandomFaults(new Random(random.nextLong()), 10, 10);
            case 3 -> new RandomFaults(new Random(random.nextLong()), 40, 30);
            default -> Faults.BLACK_HOLE;
        };
    }

    private void delete() {
        var subnets = new ArrayList<>(cluster.leases().keySet());
        if (!subnets.isEmpty()) {
            String subnet = subnets.get(random.nextInt(subnets.size()));
            cluster.free(subnet);
            strangers.remove(subnet);
            thieves.remove(subnet);
        }
    }

    private void stranger() {
        // With all simulated nodes, that still leaves subnets.
        if (strangers.size() < SimulatedCluster.SUBNETS - cluster.nodes().size() - 2) {
            occupy(SimulatedCluster.subnet(1 + random.nextInt(SimulatedCluster.SUBNETS)), strangers);
        }
    }

    private void strangerLeaves() {
        strangers.keySet().stream().findAny().ifPresent(subnet -> {
            cluster.free(subnet);
            strangers.remove(subnet);
        });
    }

    private void steal() {
        any().status().map(status -> status.subnet()).ifPresent(subnet -> {
            cluster.free(subnet.toString());
            strangers.remove(subnet.toString());
            thieves.remove(subnet.toString());
            occupy(subnet.toString(), thieves);
        });
    }

    private void occupy(String subnet, Map<String, String> as) {
        strangersEver++;
        String name = "stranger" + strangersEver;
        if (cluster.occupy(name, subnet)) {
            as.put(subnet, name);
        }
    }
}

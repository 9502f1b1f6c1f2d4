package dev.flannelx.lab;

import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent is killed at a random moment while a node joins and another leaves, and started again: nothing that was in
 * place is touched or lost. Without a remove command the kill falls between two hooks, and nobody leaves.
 */
record RestartScenario() implements Scenario {
    private static final long LATEST_KILL_MILLIS = 300;
    private static final int FEWEST_TO_LEAVE = 3;

    @Override
    public Verdict play(LabCluster cluster, LabRun run) throws IOException {
        cluster.join(run.nodes());
        if (!cluster.awaitSettled()) {
            return Verdict.failed("did not settle: " + cluster.unsettled());
        }
        long unanswered = unanswered(cluster);
        if (unanswered > 0) {
            return Verdict.failed(unanswered + " pings were not answered before anything happened");
        }
        boolean canRemove = cluster.settings().canRemove();
        List<LabNode> nodes = new ArrayList<>(cluster.nodes());
        LabNode victim = nodes.remove(run.random().nextInt(nodes.size()));
        Optional<LabNode> leaver = canRemove && run.nodes() >= FEWEST_TO_LEAVE
                ? Optional.of(nodes.remove(run.random().nextInt(nodes.size())))
                : Optional.empty();
        nodes.add(victim);
        try (PingStream pings = PingStream.between(nodes)) {
            return play(cluster, run, victim, leaver, nodes, pings);
        }
    }

    private Verdict play(
            LabCluster cluster,
            LabRun run,
            LabNode victim,
            Optional<LabNode> leaver,
            List<LabNode> staying,
            PingStream pings)
            throws IOException {
        Set<Subnet> unchanged = subnets(cluster, staying);
        int before = run.hooks().size();
        run.say("%s's agent is killed while a node joins%s"
                .formatted(
                        victim.name(),
                        leaver.map(node -> " and " + node.name() + " leaves").orElse("")));
        if (cluster.settings().canRemove()) {
            cluster.join();
            LockSupport.parkNanos(run.random().nextLong(LATEST_KILL_MILLIS) * 1_000_000);
            victim.killAgent();
        } else {
            victim.stopAgent();
            cluster.join();
        }
        if (leaver.isPresent()) {
            cluster.leave(leaver.get());
        }
        victim.startAgent();
        if (!cluster.awaitSettled()) {
            return Verdict.failed("did not settle after the restart: " + cluster.unsettled());
        }
        List<String> losses = pings.stop();
        if (!losses.isEmpty()) {
            return Verdict.failed("pings were lost: " + losses);
        }
        List<HookRecord> again = run.hooks().subList(before, run.hooks().size()).stream()
                .filter(hook ->
                        hook.node().equals(victim.name()) && !hook.hook().isCheck())
                .filter(hook -> hook.peers().isEmpty() || hook.peers().stream().anyMatch(unchanged::contains))
                .toList();
        if (!again.isEmpty()) {
            return Verdict.failed("hooks ran again for what had not changed: " + again);
        }
        long unanswered = unanswered(cluster);
        return unanswered == 0
                ? Verdict.ok("no ping was lost between %d nodes, no hook ran again for an unchanged peer"
                        .formatted(staying.size()))
                : Verdict.failed(unanswered + " pings were not answered in the end");
    }

    private static long unanswered(LabCluster cluster) throws IOException {
        return cluster.pings().stream().filter(ping -> !ping.ok()).count();
    }

    private static Set<Subnet> subnets(LabCluster cluster, List<LabNode> nodes) throws IOException {
        var subnets = new HashSet<Subnet>();
        for (LabNode node : nodes) {
            cluster.leaseOf(node).map(Lease::subnet).ifPresent(subnets::add);
        }
        return subnets;
    }
}

package dev.flannelx.lab;

import dev.flannelx.ip.Family;
import dev.flannelx.lease.Allocation;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Subnet;
import dev.flannelx.lease.SubnetAllocator;
import dev.flannelx.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A node goes: the others take it away and reach it no longer, and its subnet is free again. */
record LeaveScenario() implements Scenario {
    @Override
    public Verdict play(LabCluster cluster, LabRun run) throws IOException {
        cluster.join(run.nodes());
        if (!cluster.awaitSettled()) {
            return Verdict.failed("did not settle: " + cluster.unsettled());
        }
        LabNode leaver = cluster.nodes().get(run.random().nextInt(run.nodes()));
        Lease lease = cluster.leaseOf(leaver).orElseThrow();
        run.say(leaver.name() + " goes");
        cluster.leave(leaver);
        if (!cluster.awaitSettled()) {
            return Verdict.failed("did not settle after " + leaver.name() + " went: " + cluster.unsettled());
        }
        Optional<String> taken = taken(cluster, leaver, lease.subnet());
        if (taken.isPresent()) {
            return Verdict.failed("%s is not free again: %s".formatted(lease.subnet(), taken.get()));
        }
        if (!cluster.settings().canRemove()) {
            return Verdict.ok(
                    "%s is free again; without a remove command nothing can be promised about what leads to %s"
                            .formatted(lease.subnet(), leaver.name()));
        }
        List<String> reached = reached(cluster, leaver);
        return reached.isEmpty()
                ? Verdict.ok(
                        "%s was removed by the others, and %s is free again".formatted(leaver.name(), lease.subnet()))
                : Verdict.failed("%s is still reached by %s".formatted(leaver.name(), reached));
    }

    /** What keeps the subnet from being free; empty if it is. */
    private static Optional<String> taken(LabCluster cluster, LabNode leaver, Subnet subnet) throws IOException {
        Network network = cluster.settings().network();
        List<Subnet> taken = cluster.leases().stream().map(Lease::subnet).toList();
        return switch (network.subnetSource()) {
            case POOL -> {
                Allocation again = SubnetAllocator.allocate(network, leaver.name(), taken);
                yield again.equals(new Allocation.Free(subnet)) ? Optional.empty() : Optional.of(again.toString());
            }
            case NODE_POD_CIDR -> taken.contains(subnet) ? Optional.of("its lease is still there") : Optional.empty();
        };
    }

    private static List<String> reached(LabCluster cluster, LabNode leaver) throws IOException {
        var reached = new ArrayList<String>();
        for (LabNode node : cluster.nodes()) {
            for (Family family : Ping.families(node)) {
                if (Ping.send(node, leaver, family).ok()) {
                    reached.add(node.name());
                }
            }
        }
        return reached;
    }
}

package dev.flannelx.lab;

import dev.flannelx.ip.Family;
import dev.flannelx.lease.Allocation;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.SubnetAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        Allocation again = SubnetAllocator.allocate(
                cluster.settings().network(),
                leaver.name(),
                cluster.leases().stream().map(Lease::subnet).toList());
        if (!again.equals(new Allocation.Free(lease.subnet()))) {
            return Verdict.failed("%s is not free again: %s".formatted(lease.subnet(), again));
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

package dev.flannelx.lab;

import java.io.IOException;
import java.util.List;

/** All nodes join, and every pod reaches every other one; with hooks that fail, it still comes to that. */
record SmokeScenario(boolean isFlaky) implements Scenario {
    @Override
    public Verdict play(LabCluster cluster, LabRun run) throws IOException {
        int before = run.hooks().size();
        cluster.join(run.nodes());
        run.say("waiting for %d nodes to agree".formatted(run.nodes()));
        if (!cluster.awaitSettled()) {
            return Verdict.failed("did not settle: " + cluster.unsettled());
        }
        run.say("pinging pod to pod");
        List<Ping> pings = cluster.pings();
        run.show(cluster.leases(), pings);
        long answered = pings.stream().filter(Ping::ok).count();
        List<HookRecord> hooks = run.hooks().subList(before, run.hooks().size());
        long failed = hooks.stream().filter(hook -> !hook.succeeded()).count();
        String detail = "%d of %d pings answered, %d hooks ran, %d failed"
                .formatted(answered, pings.size(), hooks.size(), failed);
        return new Verdict(answered == pings.size(), detail);
    }
}

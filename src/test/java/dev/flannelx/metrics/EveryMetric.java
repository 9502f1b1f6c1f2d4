package dev.flannelx.metrics;

import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Local;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.QueueState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An agent and an operator to which everything happened once that is measured. */
record EveryMetric(AgentMetrics agent, OperatorMetrics operator) implements AutoCloseable {
    private static final Subnet SUBNET = new Subnet(Cidr.parse("10.0.7.0/24").orElseThrow(), null);

    static EveryMetric in(MeterRegistry registry) {
        return new EveryMetric(agent(registry), operator(registry));
    }

    @Override
    public void close() {
        agent.close();
        operator.close();
    }

    private static AgentMetrics agent(MeterRegistry registry) {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        var agent = new AgentMetrics(registry, "1.2.3");
        agent.heartbeat(true, now);
        NetworkMetrics demo = agent.network("demo");
        demo.watch(
                () -> new NetworkStatus(
                        "demo",
                        Phase.ACTIVE,
                        1,
                        SUBNET,
                        true,
                        "PeersFailing",
                        "",
                        new NetworkStatus.Peers(1, 0, 1, 0),
                        List.of()),
                () -> new QueueState(1, Duration.ofSeconds(1)));
        demo.synced(now);
        demo.leaseAcquired(
                new Lease("demo", "node1", "uid", SUBNET, PublicAddress.NONE, "extension", "", now, now, false));
        var peer = new Peer(SUBNET, PublicAddress.NONE, "node2", "");
        demo.converged(peer, Duration.ofMillis(20));
        var local = new Local("node1", PublicAddress.NONE, SUBNET);
        for (Hook hook : Hook.values()) {
            demo.hookFinished(
                    new HookInvocation.ForPeer(hook, "true", local, peer),
                    new HookOutcome.Exited(1, "", Duration.ofMillis(2)),
                    2);
        }
        agent.refresh();
        return agent;
    }

    private static OperatorMetrics operator(MeterRegistry registry) {
        var operator = new OperatorMetrics(registry, "1.2.4");
        operator.leading(true);
        operator.network("demo", new NetworkFigures(3, 254, 3, 3, 3, false));
        return operator;
    }
}

package dev.flannelx.kube.operator;

import dev.flannelx.hook.Hook;
import dev.flannelx.kube.FlannelNodeMapping;
import dev.flannelx.kube.NetworkMapping;
import dev.flannelx.kube.NodeMapping;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.Resources;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.kube.StoredLeases;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.AppliedNetwork;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.DirectiveRules;
import dev.flannelx.reconcile.SeenNetwork;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent would do about networks, by the rules that agents go by, without any hooks: a command with the word
 * {@code broken} in it fails. It claims the subnet with its own number, and writes its status whenever that changes.
 */
final class PretendedAgent {
    /** What it has applied. */
    private record Applied(AppliedNetwork network, long generation) {}

    private final KubernetesClient client;
    private final String node;
    private final int number;
    private final Map<String, Applied> applied = new TreeMap<>();
    private Map<String, Object> said = Map.of();
    private int heartbeats;
    volatile boolean alive = true;

    PretendedAgent(KubernetesClient client, String node, int number) {
        this.client = client;
        this.node = node;
        this.number = number;
    }

    /** What the node has applied of a network; empty for nothing. */
    synchronized String addCommand(String network) {
        Applied here = applied.get(network);
        return here == null
                ? ""
                : String.valueOf(here.network().network().commands().subnetAdd());
    }

    synchronized boolean hasNothing() {
        return applied.isEmpty();
    }

    /** Another sign of life with the next look. */
    synchronized void beat() {
        heartbeats++;
    }

    synchronized void look() throws IOException {
        if (!alive) {
            return;
        }
        GenericKubernetesResource found = client.genericKubernetesResources(ResourceTypes.NODES)
                .withName(node)
                .get();
        if (found == null) {
            return;
        }
        SeenNode me = NodeMapping.seen(found);
        SeenFlannelNode orders = flannelNode(me);
        List<SeenNetwork> networks =
                client.genericKubernetesResources(ResourceTypes.NETWORKS).list().getItems().stream()
                        .map(NetworkMapping::seen)
                        .toList();
        var before = new HashMap<String, AppliedNetwork>();
        applied.forEach((name, here) -> before.put(name, here.network()));
        Map<String, Directive> directives =
                new DirectiveRules(me.labels(), orders.orders(), before, command -> true).decide(networks);
        var status = new TreeMap<String, Object>();
        for (Map.Entry<String, Directive> entry : directives.entrySet()) {
            follow(entry.getKey(), entry.getValue(), me, status);
        }
        say(status, orders);
    }

    private void follow(String network, Directive directive, SeenNode me, Map<String, Object> status)
            throws IOException {
        switch (directive) {
            case Directive.TearDown() -> {
                new StoredLeases(client, network).release(lease(network, me));
                applied.remove(network);
            }
            case Directive.Hold hold -> status.put(network, said(hold.phase().text(), applied.get(network)));
            case Directive.Join join -> {
                Applied here = applied.get(network);
                Network effective = here == null
                        ? join.network()
                        : join.network().effective(here.network().network(), join.permitted());
                boolean all = join.permitted() || effective.equals(join.network());
                long former = here == null ? 0 : here.generation();
                here = new Applied(new AppliedNetwork(join.uid(), effective), all ? join.generation() : former);
                applied.put(network, here);
                new StoredLeases(client, network).create(lease(network, me));
                status.put(network, said("Active", here));
            }
        }
    }

    private static Map<String, Object> said(String phase, @Nullable Applied here) {
        HookCommands commands =
                here == null ? HookCommands.NONE : here.network().network().commands();
        boolean up = here != null && !isBroken(commands.postStartup());
        boolean failing = isBroken(commands.subnetAdd());
        return Map.of(
                "phase",
                phase,
                "generation",
                here == null ? 0 : here.generation(),
                "ready",
                up,
                "peers",
                Map.of("desired", 1, "applied", failing ? 0 : 1, "failing", failing ? 1 : 0),
                "failures",
                failing
                        ? List.of(Map.of(
                                "hook",
                                Hook.SUBNET_ADD.text(),
                                "peer",
                                "10.50.1.0/24",
                                "attempts",
                                3,
                                "exitCode",
                                1,
                                "message",
                                "broken"))
                        : List.of());
    }

    private static boolean isBroken(@Nullable String command) {
        return command != null && command.contains("broken");
    }

    private Lease lease(String network, SeenNode me) {
        Subnet subnet = Leases.subnet("10.50.%d.0/24".formatted(number));
        Lease lease = Leases.lease(node, subnet.toString(), "192.0.2." + number);
        return new Lease(
                network,
                node,
                me.uid(),
                subnet,
                lease.publicAddress(),
                "extension",
                "",
                lease.acquireTime(),
                lease.createTime(),
                false);
    }

    private SeenFlannelNode flannelNode(SeenNode me) {
        GenericKubernetesResource there = client.genericKubernetesResources(ResourceTypes.FLANNEL_NODES)
                .withName(node)
                .get();
        if (there == null) {
            GenericKubernetesResource wanted = Resources.flannelx("FlannelNode", node, "{}");
            wanted.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind("Node")
                            .withName(node)
                            .withUid(me.uid())
                            .build()));
            there = client.resource(wanted).create();
            said = Map.of();
        }
        return FlannelNodeMapping.seen(there);
    }

    private void say(Map<String, Object> networks, SeenFlannelNode seen) {
        Map<String, Object> status =
                Map.of("renewTime", "2026-01-01T00:00:%02d.000000Z".formatted(heartbeats % 60), "networks", networks);
        if (status.equals(said) && seen.renewTime() != null) {
            return;
        }
        GenericKubernetesResource resource = Resources.flannelx("FlannelNode", node, "{}");
        resource.setAdditionalProperty("status", status);
        client.resource(resource).updateStatus();
        said = status;
    }
}

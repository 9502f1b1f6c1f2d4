package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.Phase;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlannelNodeMappingTest {
    private static final Subnet SUBNET =
            Objects.requireNonNull(SubnetText.parse(List.of("10.50.7.0/24", "fd00:7::/64")));

    @Test
    void whatOperatorAndAgentSaidIsRead() {
        SeenFlannelNode seen = FlannelNodeMapping.seen(Resources.yaml("""
                metadata:
                  name: node1
                  uid: own-uid
                  ownerReferences: [{apiVersion: v1, kind: Node, name: node1, uid: node-uid}]
                spec: {networks: {demo: {generation: 7}, old: {teardown: uid-of-old}}}
                status:
                  renewTime: "2026-01-02T03:04:05.000006Z"
                  agentVersion: "1.2"
                  networks:
                    demo:
                      phase: Active
                      generation: 7
                      subnet: 10.50.7.0/24
                      ipv6Subnet: "fd00:7::/64"
                      ready: true
                      reason: PeersFailing
                      message: it fails
                      peers: {desired: 3, applied: 2, failing: 1}
                      failures: [{hook: subnetAdd, peer: "10.50.8.0/24", attempts: 4, exitCode: 2, message: no route}]
                """));

        assertThat(seen)
                .isEqualTo(new SeenFlannelNode(
                        "node1",
                        "own-uid",
                        "node-uid",
                        Map.of("demo", new NodeOrder(7L, null), "old", new NodeOrder(null, "uid-of-old")),
                        Instant.parse("2026-01-02T03:04:05.000006Z"),
                        "1.2",
                        Map.of(
                                "demo",
                                new NetworkStatus(
                                        "demo",
                                        Phase.ACTIVE,
                                        7,
                                        SUBNET,
                                        true,
                                        "PeersFailing",
                                        "it fails",
                                        new NetworkStatus.Peers(3, 2, 1, 0),
                                        List.of(new NetworkStatus.Failure(
                                                "subnetAdd",
                                                SubnetText.parse(List.of("10.50.8.0/24")),
                                                4,
                                                2,
                                                "no route"))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{spec: 7, status: [1]}",
                "{spec: {networks: [1]}, status: {networks: text, renewTime: yesterday, agentVersion: 7}}",
                "{status: {networks: {demo: 7, other: {phase: Dancing}, third: {phase: {}}}}}"
            })
    void whatMakesNoSenseWasNotSaid(String resource) {
        SeenFlannelNode seen =
                FlannelNodeMapping.seen(Resources.yaml("metadata: {name: node1, uid: u}\n" + flat(resource)));

        assertThat(seen).isEqualTo(new SeenFlannelNode("node1", "u", "", Map.of(), null, "", Map.of()));
    }

    @Test
    void nonsenseInOneFieldHarmsNoOther() {
        SeenFlannelNode seen = FlannelNodeMapping.seen(Resources.yaml("""
                metadata: {name: node1, uid: u, ownerReferences: [{apiVersion: v1, kind: Node, name: node2, uid: x}]}
                spec: {networks: {demo: {generation: much, teardown: [x]}, half: {generation: 1.5}, long: {generation: 1e30}}}
                status:
                  networks:
                    demo: {phase: Claiming, generation: [], subnet: 7, ready: maybe, peers: 9, failures: [7, {peer: x}]}
                """));

        assertThat(seen.nodeUid()).isEmpty();
        assertThat(seen.orders().values()).hasSize(3).containsOnly(NodeOrder.NONE);
        assertThat(seen.networks().get("demo"))
                .isEqualTo(new NetworkStatus(
                        "demo",
                        Phase.CLAIMING,
                        0,
                        null,
                        false,
                        "",
                        "",
                        NetworkStatus.Peers.NONE,
                        List.of(
                                new NetworkStatus.Failure("", null, 0, null, ""),
                                new NetworkStatus.Failure("", null, 0, null, ""))));
    }

    @Test
    void whatAnAgentWritesIsReadAsTheSame() {
        var failing = new NetworkStatus(
                "demo",
                Phase.CLAIMING,
                3,
                SUBNET,
                false,
                "PeersFailing",
                "it fails",
                new NetworkStatus.Peers(3, 2, 1, 0),
                List.of(
                        new NetworkStatus.Failure("subnetAdd", SUBNET, 4, 2, "no route"),
                        new NetworkStatus.Failure("postStartup", null, 1, null, "timed out")));
        var fine =
                new NetworkStatus("second", Phase.ACTIVE, 1, null, true, "", "", NetworkStatus.Peers.NONE, List.of());
        Instant time = Instant.parse("2026-01-02T03:04:05.000006Z");

        SeenFlannelNode seen = FlannelNodeMapping.seen(written(time, failing, fine));
        assertThat(seen.renewTime()).isEqualTo(time);
        assertThat(seen.agentVersion()).isEqualTo("1.2");
        assertThat(seen.networks()).isEqualTo(Map.of("demo", failing, "second", fine));
        assertThat(Untyped.part(written(time, failing, fine), "status")
                        .path("summary")
                        .asText())
                .isEqualTo("1/2");
    }

    @Test
    void aLongMessageIsCutAndStripped() {
        var status = new NetworkStatus(
                "demo",
                Phase.REFUSED,
                0,
                null,
                false,
                "InvalidNetwork",
                "\u001b[31m" + "x".repeat(100_000),
                NetworkStatus.Peers.NONE,
                List.of());

        NetworkStatus read = Objects.requireNonNull(FlannelNodeMapping.seen(written(Instant.EPOCH, status))
                .networks()
                .get("demo"));
        assertThat(read.message()).hasSizeLessThan(1100).startsWith("?[31mxxx").endsWith("x…");
    }

    private static GenericKubernetesResource written(Instant time, NetworkStatus... networks) {
        GenericKubernetesResource resource = Resources.yaml("metadata: {name: node1, uid: u}");
        resource.setAdditionalProperty(
                "status",
                new KubernetesSerialization()
                        .convertValue(FlannelNodeMapping.status(time, "1.2", List.of(networks)), Map.class));
        return resource;
    }

    /** The fields of a flow mapping, each on a line of its own level. */
    private static String flat(String resource) {
        String inner = resource.substring(1, resource.length() - 1);
        return inner.replaceAll(", status:", "\nstatus:");
    }
}

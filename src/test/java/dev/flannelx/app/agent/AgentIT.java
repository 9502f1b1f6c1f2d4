package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.lease.Subnet;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents on a real API server, by node-bound tokens under the shipped roles and policies. */
class AgentIT {
    @TempDir
    private Path folder;

    private Fleet fleet;
    private String network;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
        network = fleet.network();
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        fleet.close();
    }

    @Test
    void nodesClaimSubnetsAndLearnOfEachOther() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");

        Fleet.await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        assertThat(a.isReady()).isTrue();
        assertThat(a.agent().isAlive()).isTrue();
        Subnet subnetOfA =
                Objects.requireNonNull(a.status(network).orElseThrow().subnet());
        Subnet subnetOfB =
                Objects.requireNonNull(b.status(network).orElseThrow().subnet());
        assertThat(fleet.hooks(a))
                .containsExactly(
                        "preStartup",
                        "postStartup " + subnetOfA,
                        "add %s 192.0.2.2 %s data of %s".formatted(subnetOfB, b.name(), b.name()));
        assertThat(Files.readString(a.subnetEnv()))
                .contains("FLANNEL_NETWORK=%s.0.0/16".formatted(fleet.range()), "FLANNEL_MTU=1400");
        Fleet.await().untilAsserted(() -> {
            assertThat(a.written(network)).hasValueSatisfying(written -> {
                assertThat(written.phase()).isEqualTo(Phase.ACTIVE);
                assertThat(written.ready()).isTrue();
                assertThat(written.subnet()).isEqualTo(subnetOfA);
                assertThat(written.peers()).isEqualTo(new NetworkStatus.Peers(1, 1, 0, 0));
            });
        });
        SeenFlannelNode flannelNode = a.flannelNode().orElseThrow();
        assertThat(flannelNode.nodeUid()).isEqualTo(fleet.uid(a));
        assertThat(flannelNode.agentVersion()).isEqualTo("test");
        assertThat(flannelNode.orders()).isEmpty();
        Fleet.await().untilAsserted(() -> {
            assertThat(fleet.events(a)).containsExactly("LeaseAcquired");
            assertThat(fleet.notesOnNetwork()).contains("node %s: subnet %s".formatted(a.name(), subnetOfA));
        });
    }

    @Test
    void aNodeThatLeavesTakesEverythingDownAndComesBackToTheSameSubnet() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        Subnet subnet = Objects.requireNonNull(b.status(network).orElseThrow().subnet());

        fleet.label(b, "another");
        Fleet.await().until(() -> b.agent().statuses().isEmpty() && a.isSettled(network, 0));
        assertThat(fleet.hooks(b)).last().isEqualTo("shutdown");
        assertThat(fleet.hooks(a)).last().isEqualTo("remove " + subnet);
        assertThat(b.run().resolve(network)).doesNotExist();
        assertThat(b.subnetEnv()).doesNotExist();

        fleet.label(b, network);
        Fleet.await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        assertThat(b.status(network).orElseThrow().subnet()).isEqualTo(subnet);
    }

    @Test
    void aRestartRunsNothingAgain() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));
        Fleet.await()
                .until(() -> a.written(network).filter(NetworkStatus::ready).isPresent());
        List<String> before = fleet.hooks(a);

        a.stop();
        a.start();
        Fleet.await().until(() -> {
            assertThat(a.written(network))
                    .hasValueSatisfying(written -> assertThat(written.ready()).isTrue());
            return a.isSettled(network, 1);
        });
        assertThat(fleet.hooks(a)).isEqualTo(before);
        assertThat(fleet.events(a)).containsExactly("LeaseAcquired");
    }

    @Test
    void anAgentThatEndsLeavesNoThreadBehind() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> a.isSettled(network, 1) && b.isSettled(network, 1));

        a.stop();
        b.kill();
        Fleet.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("flannelx-" + network + "-")));
    }

    @Test
    void aNodeThatIsDeletedClaimsNothingUntilItIsBack() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(network, 0) && a.written(network).isPresent());
        String subnet = fleet.subnet(fleet.third(a));
        String before = fleet.uid(a);

        fleet.kubectl("delete", "node", a.name());
        Fleet.await().until(() -> a.status(network).map(NetworkStatus::reason).equals(Optional.of("NodeGone")));
        fleet.kubectl("delete", "slease", fleet.leaseName(fleet.third(a)));
        fleet.kubectl("delete", "fnode", a.name());
        assertThat(a.agent().readiness().missing()).containsExactly("there is no Node " + a.name());

        fleet.token("a");
        Fleet.await().until(() -> a.isSettled(network, 0));
        Fleet.await()
                .until(() -> a.flannelNode()
                        .filter(node -> node.nodeUid().equals(fleet.uid(a)))
                        .isPresent());
        assertThat(fleet.uid(a)).isNotEqualTo(before);
        assertThat(fleet.hooks(a)).containsExactly("preStartup", "postStartup " + subnet);
    }

    @Test
    void aSecondAgentOfTheSameNodeWaitsForTheFirstToEnd() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(network, 0));
        NodeAgent second = a.another();
        second.start();
        try {
            Fleet.await()
                    .until(() -> second.readiness().missing().getFirst().contains("another agent runs on this node"));
            assertThat(second.statuses()).isEmpty();

            a.stop();
            Fleet.await().until(() -> {
                second.tick();
                return second.readiness().isReady() && !second.statuses().isEmpty();
            });
            assertThat(fleet.hooks(a)).hasSize(2);
        } finally {
            second.stop();
        }
    }

    @Test
    void aPausedNetworkRunsNothingUntilItIsUnpaused() throws Exception {
        fleet.create(fleet.usual());
        fleet.kubectl("annotate", "fnet", network, "flannelx.dev/paused=true");
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.written(network).map(NetworkStatus::phase).equals(Optional.of(Phase.PAUSED)));
        assertThat(fleet.hooks(a)).isEmpty();

        fleet.kubectl("annotate", "fnet", network, "flannelx.dev/paused-");
        Fleet.await().until(() -> a.isSettled(network, 0));
        fleet.kubectl("annotate", "fnet", network, "flannelx.dev/paused=true");
        Fleet.await().until(() -> isPaused(a));
        TestNode b = fleet.join("b");
        Fleet.await().until(() -> isPaused(b));
        assertThat(fleet.hooks(a)).hasSize(2);
        assertThat(a.subnetEnv()).exists();
        assertThat(a.isReady()).isTrue();
        assertThat(b.agent().readiness().missing())
                .containsExactly("network %s: Paused: Paused: its annotation says so: no hook runs".formatted(network));

        a.stop();
        a.start();
        Fleet.await().until(() -> isPaused(a) && a.isReady());
        assertThat(fleet.hooks(a)).hasSize(2);
    }

    @Test
    void theSubnetMayComeFromTheNodesPodCidrs() throws Exception {
        fleet.create("subnetSource: NodePodCIDR\n" + fleet.usual());
        TestNode a = fleet.join("a");
        Fleet.await()
                .until(() -> a.agent().statuses().stream()
                        .anyMatch(status -> status.message().contains("has no spec.podCIDRs")));

        fleet.admin().nodes().withName(a.name()).edit(node -> {
            node.getSpec().setPodCIDR(fleet.subnet(77));
            node.getSpec().setPodCIDRs(List.of(fleet.subnet(77)));
            return node;
        });
        Fleet.await().until(() -> a.isSettled(network, 0));
        assertThat(a.status(network).orElseThrow().subnet()).hasToString(fleet.subnet(77));
    }

    @Test
    void oneOfSeveralNetworksSpeaksForTheNode() throws Exception {
        fleet.create(fleet.usual());
        String second = network + "-second";
        fleet.create(second, fleet.usual().replace(fleet.range(), fleet.otherRange()));
        TestNode a = fleet.join("a");

        Fleet.await().until(() -> a.isSettled(network, 0) && a.isSettled(second, 0));
        assertThat(a.run().resolve(network).resolve("subnet.env")).content().contains(fleet.range() + ".0.0/16");
        assertThat(a.run().resolve(second).resolve("subnet.env")).content().contains(fleet.otherRange() + ".0.0/16");
        assertThat(a.subnetEnv()).content().contains(fleet.range() + ".0.0/16");

        a.stop();
        a.choose(a.choices().withPrimaryNetwork(second));
        a.start();
        Fleet.await().untilAsserted(() -> assertThat(a.subnetEnv()).content().contains(fleet.otherRange() + ".0.0/16"));
    }

    @Test
    void theNetworkThatSpeaksForTheNodeStaysItThroughARestartThoughItsResourceIsGone() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(network, 0));
        String second = network + "-second";
        fleet.create(second, fleet.usual().replace(fleet.range(), fleet.otherRange()));
        Fleet.await().until(() -> a.isSettled(second, 0));

        a.stop();
        fleet.kubectl("delete", "fnet", network);
        a.start();
        Fleet.await().until(() -> a.isSettled(second, 0));
        assertThat(a.status(network).orElseThrow().reason()).isEqualTo("NetworkGone");
        assertThat(a.subnetEnv()).content().contains(fleet.range() + ".0.0/16");
        assertThat(a.conflist()).content().contains("\"flannelx-" + network + "\"");
    }

    @Test
    void aFailingHookIsSeenByPeopleUntilItRecovers() throws Exception {
        fleet.create(fleet.usual()
                .replace(
                        "echo \"add",
                        "test -e %s/repaired || { echo no route >&2; exit 3; }; echo \"add".formatted(fleet.log())));
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");

        Fleet.await().untilAsserted(() -> {
            assertThat(a.written(network)).hasValueSatisfying(written -> {
                assertThat(written.reason()).isEqualTo("PeersFailing");
                assertThat(written.failures()).singleElement().satisfies(failure -> {
                    assertThat(failure.hook()).isEqualTo("subnetAdd");
                    assertThat(failure.peer())
                            .isEqualTo(b.status(network).orElseThrow().subnet());
                    assertThat(failure.exitCode()).isEqualTo(3);
                    assertThat(failure.message()).isEqualTo("no route");
                });
            });
        });
        Files.createFile(fleet.log().resolve("repaired"));
        Fleet.await().until(() -> a.isSettled(network, 1));
        Fleet.await()
                .untilAsserted(() -> assertThat(fleet.events(a))
                        .containsExactlyInAnyOrder("LeaseAcquired", "HookFailed", "HookRecovered"));
        Fleet.await().until(() -> a.written(network).orElseThrow().failures().isEmpty());
    }

    @Test
    void aHookThatHangsIsSeenByPeople() throws Exception {
        fleet.create(fleet.usual()
                .replace("mtu: 1400", "timeout: 1s")
                .replace("echo \"postStartup", "sleep 100; echo \"postStartup"));
        TestNode a = fleet.join("a");

        Fleet.await().until(() -> a.written(network).map(NetworkStatus::reason).equals(Optional.of("StartupFailing")));
        assertThat(a.written(network).orElseThrow().message()).startsWith("postStartup: ");
        Fleet.await().until(() -> fleet.events(a).contains("HookTimedOut"));
    }

    @Test
    void aFullPoolIsSeenByPeople() throws Exception {
        fleet.create(fleet.usualWithOnly(9));
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(network, 0));
        TestNode b = fleet.join("b");

        Fleet.await().until(() -> b.written(network).map(NetworkStatus::reason).equals(Optional.of("PoolExhausted")));
        Fleet.await().untilAsserted(() -> assertThat(fleet.events(b)).containsExactly("PoolExhausted"));
        assertThat(b.agent().readiness().missing()).singleElement().asString().contains("PoolExhausted");
    }

    @Test
    void aFlannelNodeThatWasDeletedIsMadeAgain() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.written(network).isPresent());
        String before = a.flannelNode().orElseThrow().uid();

        fleet.kubectl("delete", "fnode", a.name());
        Fleet.await()
                .until(() -> a.flannelNode()
                        .filter(made -> !made.uid().equals(before))
                        .isPresent());
    }

    private boolean isPaused(TestNode node) {
        return node.status(network).map(NetworkStatus::phase).equals(Optional.of(Phase.PAUSED));
    }
}

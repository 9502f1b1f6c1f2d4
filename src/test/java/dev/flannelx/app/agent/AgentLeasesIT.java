package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.ip.Address;
import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes do about their leases, and about what others do to them. */
class AgentLeasesIT {
    /** Reading it from its beginning is an I/O error: nothing is mapped there. */
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    @TempDir
    private Path folder;

    private Fleet fleet;

    @BeforeEach
    void gather() throws IOException {
        fleet = new Fleet(folder);
    }

    @AfterEach
    void dismiss() throws InterruptedException {
        fleet.close();
    }

    @Test
    void aReservationIsTakenByItsNodeOnlyAndEmptiedWhenThatLeaves() throws Exception {
        fleet.create(fleet.usualWithOnly(77));
        TestNode a = fleet.node("a");
        TestNode b = fleet.node("b");
        fleet.admin().resource(fleet.lease(b, 77, ", reserved: true")).create();
        a.start();
        fleet.awaitReason(a, "PoolExhausted");
        assertThat(spec(77)).as("nobody has taken it").doesNotContainKey("publicIP");

        b.start();
        Fleet.await().until(() -> b.isSettled(fleet.network(), 0));
        assertThat(spec(77))
                .containsEntry("publicIP", "192.0.2.2")
                .containsEntry("backendData", "data of " + b.name())
                .containsEntry("reserved", true);

        fleet.label(b, "another");
        Fleet.await().until(() -> b.agent().statuses().isEmpty());
        assertThat(spec(77))
                .containsEntry("nodeName", b.name())
                .containsEntry("reserved", true)
                .doesNotContainKeys("publicIP", "backendData");
        fleet.awaitReason(a, "PoolExhausted");
        assertThat(fleet.hooks(a)).as("no subnet, and no peer").containsExactly("preStartup");
    }

    @Test
    void aNodeWithoutASubnetTakesTheFirstThatIsFree() throws Exception {
        fleet.create(fleet.usualWithOnly(9));
        TestNode a = fleet.join("a");
        Fleet.await().until(() -> a.isSettled(fleet.network(), 0));
        TestNode b = fleet.join("b");
        fleet.awaitReason(b, "PoolExhausted");

        fleet.label(a, "another");
        Fleet.await().until(() -> b.isSettled(fleet.network(), 0));
        assertThat(fleet.hooks(b)).containsExactly("preStartup", "postStartup " + fleet.subnet(9));
        assertThat(fleet.hooks(a)).last().isEqualTo("shutdown");
    }

    @Test
    void bothFamiliesComeFromOneLease() throws Exception {
        fleet.create("ipv6Network: fd00:50::/48\n"
                + fleet.usual().replace("$SUBNET $PUBLIC_IP", "$SUBNET $IPV6SUBNET $PUBLIC_IP $PUBLIC_IPV6"));
        TestNode a = withBothFamilies(fleet.node("a"));
        TestNode b = withBothFamilies(fleet.node("b"));
        a.start();
        b.start();

        fleet.awaitSettled(a, b);
        Subnet subnetOfB =
                Objects.requireNonNull(b.status(fleet.network()).orElseThrow().subnet());
        assertThat(fleet.hooks(a))
                .contains("add %s %s 192.0.2.2 2001:db8::2 %s data of %s"
                        .formatted(subnetOfB.ipv4(), subnetOfB.ipv6(), b.name(), b.name()));
        assertThat(Objects.requireNonNull(subnetOfB.ipv6()))
                .as("one number in both families")
                .hasToString("fd00:50:0:%x::/64".formatted(fleet.third(b)));
        assertThat(b.subnetEnv())
                .content()
                .contains(
                        "FLANNEL_IPV6_NETWORK=fd00:50::/48",
                        "FLANNEL_IPV6_SUBNET=fd00:50:0:%x::1/64".formatted(fleet.third(b)));
    }

    @Test
    void leasesThatAreDeletedByHandAreClaimedAgainAndNothingRunsAgain() throws Exception {
        // So that of two that vanish at once neither is removed, however long the claims take.
        fleet.create(fleet.usual().replace("removalGrace: 0s", "removalGrace: 1h"));
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        TestNode c = fleet.join("c");
        fleet.awaitSettled(a, b, c);
        List<String> hooksOfA = fleet.hooks(a);
        int thirdOfB = fleet.third(b);
        String before = uid(thirdOfB);

        fleet.kubectl("delete", "slease", fleet.leaseName(thirdOfB), fleet.leaseName(fleet.third(c)));
        Fleet.await()
                .until(() -> fleet.lease(thirdOfB)
                        .filter(lease -> !lease.getMetadata().getUid().equals(before))
                        .isPresent());
        fleet.awaitSettled(a, b, c);
        assertThat(fleet.third(b)).isEqualTo(thirdOfB);
        assertThat(fleet.hooks(a)).isEqualTo(hooksOfA);
        assertThat(fleet.hooks(b)).filteredOn(line -> line.contains("tartup")).hasSize(2);
        Fleet.await().untilAsserted(() -> assertThat(fleet.events(b)).contains("LeaseLost"));
    }

    @Test
    void aNodeWhoseSubnetHasBecomeAnothersSaysSoAndWaitsForIt() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        fleet.awaitSettled(a, b);
        int stolen = fleet.third(b);
        List<String> before = fleet.hooks(b);

        TestNode thief = fleet.node("t");
        steal(stolen, thief);
        fleet.awaitReason(b, "SubnetLost");
        assertThat(b.status(fleet.network()).orElseThrow().message()).contains(thief.name());
        assertThat(b.agent().readiness().missing()).singleElement().asString().contains("SubnetLost");
        Fleet.await().until(() -> fleet.hooks(a).getLast().contains(thief.name()));
        assertThat(fleet.hooks(a)).endsWith("remove " + fleet.subnet(stolen), addBy(thief, stolen));
        assertThat(fleet.hooks(b)).as("its pods keep their addresses").isEqualTo(before);
        Fleet.await().untilAsserted(() -> assertThat(fleet.events(b)).contains("LeaseLost"));

        fleet.kubectl("delete", "slease", fleet.leaseName(stolen));
        fleet.awaitSettled(a, b);
        assertThat(fleet.third(b)).isEqualTo(stolen);
        assertThat(fleet.hooks(a)).endsWith("remove " + fleet.subnet(stolen), fleet.addOf(b));
        assertThat(fleet.hooks(b)).isEqualTo(before);
    }

    @Test
    void aNodeThatMayMoveStartsAgainOnAnotherSubnet() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.node("b");
        AgentSettings.Choices usual = b.choices();
        b.choose(new AgentSettings.Choices(usual.publicAddress(), null, null, true, false, usual.grace()));
        b.start();
        fleet.awaitSettled(a, b);
        int stolen = fleet.third(b);

        TestNode thief = fleet.node("t");
        steal(stolen, thief);
        Fleet.await().until(() -> a.isSettled(fleet.network(), 2) && b.isSettled(fleet.network(), 2));
        assertThat(fleet.third(b)).isNotEqualTo(stolen);
        assertThat(fleet.hooks(b))
                .containsSubsequence(
                        "postStartup " + fleet.subnet(stolen),
                        "shutdown",
                        "preStartup",
                        "postStartup " + fleet.subnet(fleet.third(b)),
                        addBy(thief, stolen));
        assertThat(fleet.hooks(a))
                .containsSubsequence("remove " + fleet.subnet(stolen), addBy(thief, stolen))
                .contains(fleet.addOf(b));
    }

    @Test
    void aNodeThatRebootsAndNoLongerMatchesGivesUpWhatItHad() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        fleet.awaitSettled(a, b);
        int thirdOfB = fleet.third(b);
        List<String> before = fleet.hooks(b);
        b.reboot();
        fleet.label(b, "another");
        assertThat(fleet.lease(thirdOfB)).isPresent();

        b.start();
        Fleet.await().until(() -> fleet.lease(thirdOfB).isEmpty());
        fleet.awaitSettled(a);
        assertThat(fleet.hooks(a)).last().isEqualTo("remove " + fleet.subnet(thirdOfB));
        assertThat(fleet.hooks(b)).as("nothing is there any more").isEqualTo(before);
        assertThat(b.agent().statuses()).isEmpty();

        fleet.label(b, fleet.network());
        fleet.awaitSettled(a, b);
    }

    @Test
    void aReservationOfANodeThatRebootsAndNoLongerMatchesIsEmptied() throws Exception {
        fleet.create(fleet.usualWithOnly(77));
        TestNode a = fleet.node("a");
        fleet.admin().resource(fleet.lease(a, 77, ", reserved: true")).create();
        a.start();
        fleet.awaitSettled(a);
        a.reboot();
        fleet.label(a, "another");

        a.start();
        Fleet.await().until(() -> !spec(77).containsKey("publicIP"));
        assertThat(spec(77))
                .containsEntry("nodeName", a.name())
                .containsEntry("reserved", true)
                .doesNotContainKey("backendData");
    }

    @Test
    void aNodeThatSleptThroughADeletionGivesUpWhatItHad() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        fleet.awaitSettled(a);
        Fleet.await().until(() -> a.flannelNode().isPresent());
        int third = fleet.third(a);
        a.reboot();
        fleet.kubectl(
                "patch",
                "fnode",
                a.name(),
                "--type=merge",
                "--patch={\"spec\":{\"networks\":{\"%s\":{\"teardown\":\"of that uid\"}}}}".formatted(fleet.network()));
        fleet.kubectl("delete", "fnet", fleet.network());

        a.start();
        Fleet.await().until(() -> fleet.lease(third).isEmpty());
    }

    @Test
    void aClaimThatComesToPassLateIsTakenBackByAComparison() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        TestNode b = fleet.join("b");
        fleet.awaitSettled(a, b);
        GenericKubernetesResource claimed = fleet.lease(fleet.third(b)).orElseThrow();
        fleet.label(b, "another");
        Fleet.await().until(() -> b.agent().statuses().isEmpty());
        GenericKubernetesResource late = fleet.lease(b, 99, "");
        late.getMetadata().setOwnerReferences(claimed.getMetadata().getOwnerReferences());
        fleet.admin().resource(late).create();

        Fleet.await().until(() -> {
            b.agent().compare();
            return fleet.lease(99).isEmpty();
        });
        fleet.awaitSettled(a);
    }

    @Test
    void aNodeThatCannotReadItsJournalKeepsItsLeaseAndSaysSo() throws Exception {
        fleet.create(fleet.usual());
        TestNode a = fleet.join("a");
        fleet.awaitSettled(a);
        int third = fleet.third(a);
        a.kill();
        Path journal = a.run().resolve(fleet.network()).resolve("journal");
        Path aside = folder.resolve("journal");
        Files.move(journal, aside);
        Files.createSymbolicLink(journal, UNREADABLE);
        fleet.label(a, "another");

        a.start();
        fleet.awaitReason(a, "Troubled");
        Fleet.await()
                .until(() -> a.written(fleet.network())
                        .filter(status -> status.reason().equals("Troubled"))
                        .isPresent());
        assertThat(fleet.lease(third)).isPresent();

        // In one go: an agent that finds none in between has nothing to shut down.
        Files.move(aside, journal, StandardCopyOption.ATOMIC_MOVE);
        Fleet.await().until(() -> fleet.lease(third).isEmpty());
        assertThat(fleet.hooks(a)).last().isEqualTo("shutdown");
    }

    private static TestNode withBothFamilies(TestNode node) {
        AgentSettings.Choices usual = node.choices();
        String ipv4 = String.valueOf(node.address().ipv4());
        var both = new PublicAddress(
                node.address().ipv4(),
                Address.parse("2001:db8::" + ipv4.substring(ipv4.lastIndexOf('.') + 1))
                        .orElseThrow());
        return node.choose(new AgentSettings.Choices(both, null, null, false, false, usual.grace()));
    }

    /** Has the subnet become the other node's, though its owner claims it again as soon as it sees that it is free. */
    private void steal(int third, TestNode thief) {
        GenericKubernetesResource lease = fleet.lease(
                thief,
                third,
                ", publicIP: %s, backendData: loot".formatted(thief.address().ipv4()));
        Fleet.await().until(() -> {
            fleet.admin()
                    .genericKubernetesResources(ResourceTypes.LEASES)
                    .withName(fleet.leaseName(third))
                    .delete();
            try {
                fleet.admin().resource(lease).create();
                return true;
            } catch (KubernetesClientException e) {
                assertThat(e.getCode()).isEqualTo(409);
                return false;
            }
        });
    }

    private String addBy(TestNode thief, int third) {
        return "add %s %s %s loot"
                .formatted(fleet.subnet(third), thief.address().ipv4(), thief.name());
    }

    private String uid(int third) {
        return fleet.lease(third).orElseThrow().getMetadata().getUid();
    }

    private Map<String, Object> spec(int third) {
        GenericKubernetesResource lease = fleet.lease(third).orElseThrow();
        return Objects.requireNonNull(lease.<Map<String, Object>>get("spec"));
    }
}

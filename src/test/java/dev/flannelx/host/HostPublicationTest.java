package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPublicationTest {
    private static final int MTU = 1500;
    private static final Network DEMO = Specs.network("network: 10.50.0.0/16");
    private static final Network DUAL = Specs.network("network: 10.50.0.0/16\nipv6Network: fd00:50::/48");
    private static final Network OTHER = Specs.named("other", "network: 10.60.0.0/16");
    private static final Subnet SUBNET = Leases.subnet("10.50.7.0/24");
    private static final Subnet OTHER_SUBNET = Leases.subnet("10.60.3.0/24");

    private static final List<String> THREE = List.of("first", "second", "unpublished");

    @TempDir
    private Path directory;

    private Places places;
    private HostPublication publication;

    @BeforeEach
    void start() {
        places = new Places(directory.resolve("flannelx"), directory.resolve("flannel"), directory.resolve("cni"));
        publication = agent(false);
    }

    /** As after a restart: what publishes, without memory. nft is a shell that keeps what it is told. */
    private HostPublication agent(boolean masquerade) {
        var masquerading = new Masquerading(
                List.of("sh", "-c", "cat >>\"$0\"", directory.resolve("nft").toString()));
        return new HostPublication(places, () -> MTU, masquerade, masquerading);
    }

    private Path own(String network) {
        return places.run().resolve(network).resolve("subnet.env");
    }

    private Path shared() {
        return places.flannel().resolve("subnet.env");
    }

    private Path conflist() {
        return Objects.requireNonNull(places.cni()).resolve("10-flannelx.conflist");
    }

    private String nft() throws IOException {
        return WholeFile.read(directory.resolve("nft")).orElse("");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void everyNetworkHasItsSubnetEnvAndThePrimaryOneFlannelsAndTheCniConfigurationToo() throws IOException {
        publication.choosePrimary("other");
        publication.publish(DEMO, SUBNET);
        publication.publish(OTHER, OTHER_SUBNET);
        assertThat(own("demo")).hasContent("""
                FLANNEL_NETWORK=10.50.0.0/16
                FLANNEL_SUBNET=10.50.7.1/24
                FLANNEL_MTU=1500
                FLANNEL_IPMASQ=false
                """);
        assertThat(shared()).hasSameTextualContentAs(own("other"));
        assertThat(conflist()).hasContent("""
                {
                  "cniVersion" : "0.3.1",
                  "name" : "flannelx-other",
                  "plugins" : [ {
                    "type" : "bridge",
                    "bridge" : "cni0",
                    "isDefaultGateway" : true,
                    "forceAddress" : true,
                    "hairpinMode" : true,
                    "ipMasq" : false,
                    "mtu" : 1500,
                    "ipam" : {
                      "type" : "host-local",
                      "ranges" : [ [ {
                        "subnet" : "10.60.3.0/24"
                      } ] ],
                      "routes" : [ {
                        "dst" : "10.60.0.0/16"
                      } ]
                    }
                  }, {
                    "type" : "portmap",
                    "capabilities" : {
                      "portMappings" : true
                    }
                  } ]
                }
                """);
        assertThat(files()).containsExactlyInAnyOrder(own("demo"), own("other"), shared(), conflist());
    }

    @Test
    void everybodyMayLookThoughTheHooksFilesArePrivate() throws IOException {
        Posix.umask(077);
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(path -> !path.equals(directory)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
            }
        }
    }

    @Test
    void bothFamiliesAreTold() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DUAL, Leases.subnet("10.50.7.0/24,fd00:50:0:7::/64"));
        assertThat(shared())
                .content()
                .contains("FLANNEL_IPV6_NETWORK=fd00:50::/48", "FLANNEL_IPV6_SUBNET=fd00:50:0:7::1/64");
        assertThat(conflist()).content().contains("10.50.7.0/24", "fd00:50:0:7::/64", "\"fd00:50::/48\"");
        publication.publish(Specs.network("ipv6Network: fd00:50::/48"), Leases.subnet("fd00:50:0:7::/64"));
        assertThat(conflist()).content().contains("fd00:50:0:7::/64").doesNotContain("10.50.");
    }

    @Test
    void theMtuIsTheInterfacesLessTheOverheadOrTheOneOfTheSpec() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(
                Specs.whole(
                        "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: x, mtuOverhead: 50}}"),
                SUBNET);
        assertThat(shared()).content().contains("FLANNEL_MTU=1450");
        assertThat(conflist()).content().contains("\"mtu\" : 1450");
        publication.publish(
                Specs.whole("{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: x, mtu: 1380}}"),
                SUBNET);
        assertThat(shared()).content().contains("FLANNEL_MTU=1380");
    }

    @Test
    void anMtuOfTheSpecNeedsNoInterface() throws IOException {
        var blind = new HostPublication(
                places,
                () -> {
                    throw new IOException("no MTU");
                },
                false,
                new Masquerading(List.of()));
        blind.publish(
                Specs.whole("{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: x, mtu: 1380}}"),
                SUBNET);
        assertThat(own("demo")).content().contains("FLANNEL_MTU=1380");
        assertThatThrownBy(() -> blind.publish(DEMO, SUBNET)).hasMessage("no MTU");
    }

    @Test
    void aRestartWritesNothingThatIsThere() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        List<Object> before = inodes();
        publication = agent(false);
        publication.takeBackStale();
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        assertThat(inodes()).isEqualTo(before);
    }

    private List<Object> inodes() throws IOException {
        var inodes = new ArrayList<>();
        for (Path file : files()) {
            inodes.add(Files.getAttribute(file, "unix:ino"));
        }
        return inodes;
    }

    @Test
    void anotherPrimaryTakesTheirPlaceAtOnce() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        publication.publish(OTHER, OTHER_SUBNET);
        publication.choosePrimary("other");
        assertThat(shared()).hasSameTextualContentAs(own("other"));
        assertThat(conflist()).content().contains("flannelx-other").doesNotContain("10.50.");
        publication.publish(DEMO, SUBNET);
        assertThat(shared()).hasSameTextualContentAs(own("other"));
        assertThat(conflist()).content().contains("flannelx-other");
    }

    @Test
    void withoutAPrimaryNobodySpeaksForTheNode() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        publication.choosePrimary(null);
        assertThat(files()).containsExactly(own("demo"));
    }

    @Test
    void aNetworkThatIsNotPrimaryAnyMoreAfterARestartTakesBackWhatItTold() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        publication = agent(false);
        publication.choosePrimary("other");
        publication.publish(DEMO, SUBNET);
        assertThat(files()).containsExactly(own("demo"));
    }

    @Test
    void takesBackAllThatItTold() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        publication.publish(OTHER, OTHER_SUBNET);
        publication.withdraw(DEMO);
        assertThat(files()).containsExactly(own("other"));
        publication.withdraw(DEMO);
        publication.withdraw(OTHER);
        assertThat(files()).isEmpty();
    }

    @Test
    void takesBackWhatWasToldBeforeARestart() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        agent(false).withdraw(DEMO);
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesWhatIsNotItsOwn() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        Files.writeString(shared(), "FLANNEL_NETWORK=10.1.0.0/16\n");
        Files.writeString(conflist(), "{\"name\": \"mine\"}");
        publication.withdraw(DEMO);
        assertThat(files()).containsExactlyInAnyOrder(shared(), conflist());

        Files.writeString(conflist(), "no JSON");
        publication.withdraw(DEMO);
        assertThat(conflist()).hasContent("no JSON");
    }

    @Test
    void aCniConfigurationFromBeforeTheBootGoesUntilTheNetworkIsUp() throws IOException {
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        Files.delete(own("demo"));
        Files.delete(shared());
        publication = agent(false);
        publication.takeBackStale();
        assertThat(files()).isEmpty();

        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        assertThat(conflist()).exists();
    }

    @Test
    void somebodyElsesCniConfigurationStaysWhenTheAgentStarts() throws IOException {
        Files.createDirectories(directory.resolve("cni"));
        Files.writeString(conflist(), "{\"name\": \"mine\"}");
        publication.takeBackStale();
        assertThat(conflist()).exists();
    }

    @Test
    void tellsNoRuntimeWhereThereIsNone() throws IOException {
        places = new Places(places.run(), places.flannel(), null);
        publication = agent(false);
        publication.takeBackStale();
        publication.choosePrimary("demo");
        publication.publish(DEMO, SUBNET);
        assertThat(files()).containsExactlyInAnyOrder(own("demo"), shared());
        publication.withdraw(DEMO);
        assertThat(files()).isEmpty();
    }

    @Test
    void masqueradesWhereItIsToldTo() throws IOException {
        publication = agent(true);
        publication.publish(DEMO, SUBNET);
        assertThat(own("demo")).content().contains("FLANNEL_IPMASQ=true");
        assertThat(nft()).contains("table inet flannelx-demo {", "10.50.7.0/24");
        publication.withdraw(DEMO);
        assertThat(nft()).endsWith("delete table inet flannelx-demo\n");
    }

    @Test
    void withoutMasqueradingNobodyIsAsked() throws IOException {
        publication.publish(DEMO, SUBNET);
        publication.withdraw(DEMO);
        assertThat(nft()).isEmpty();
    }

    @Test
    void stopsMasqueradingWhereItWasToldToBeforeARestart() throws IOException {
        agent(true).publish(DEMO, SUBNET);
        publication.publish(DEMO, SUBNET);
        assertThat(nft()).endsWith("delete table inet flannelx-demo\n");
        assertThat(own("demo")).content().contains("FLANNEL_IPMASQ=false");

        agent(true).publish(OTHER, OTHER_SUBNET);
        publication.withdraw(OTHER);
        assertThat(nft()).endsWith("delete table inet flannelx-other\n");
    }

    private void tell(Path subnetEnv, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(subnetEnv.getParent()));
        Files.writeString(subnetEnv, text);
    }

    private void tellTwo() throws IOException {
        tell(own("first"), "FLANNEL_NETWORK=10.50.0.0/16\n");
        tell(own("second"), "FLANNEL_NETWORK=10.60.0.0/16\n");
    }

    @Test
    void theFormerPrimaryIsTheOneWhoseSubnetEnvFlannelsIs() throws IOException {
        tellTwo();
        tell(shared(), "FLANNEL_NETWORK=10.60.0.0/16\n");
        assertThat(publication.formerPrimary(THREE)).contains("second");
        assertThat(publication.formerPrimary(List.of("first"))).isEmpty();
    }

    @Test
    void thereIsNoFormerPrimaryWhereFlannelsIsSomebodyElsesOrNotThere() throws IOException {
        tellTwo();
        assertThat(publication.formerPrimary(THREE)).isEmpty();
        tell(shared(), "FLANNEL_NETWORK=10.244.0.0/16\n");
        assertThat(publication.formerPrimary(THREE)).isEmpty();
    }
}

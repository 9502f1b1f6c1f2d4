package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkDecoderTest {
    /** The values that flannel's CheckNetworkConfig arrives at, computed by its rules. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // network and rest | first subnet | last subnet | how many
                "network: 10.50.0.0/16 | 10.50.1.0/24 | 10.50.255.0/24 | 255",
                "network: 10.0.0.0/8 | 10.0.1.0/24 | 10.255.255.0/24 | 65535",
                "network: 10.0.0.0/22 | 10.0.1.0/24 | 10.0.3.0/24 | 3",
                "network: 10.0.0.0/23 | 10.0.0.128/25 | 10.0.1.128/25 | 3",
                "network: 10.0.0.0/24 | 10.0.0.64/26 | 10.0.0.192/26 | 3",
                "network: 10.0.0.0/28 | 10.0.0.4/30 | 10.0.0.12/30 | 3",
                "network: 0.0.0.0/0 | 0.0.1.0/24 | 255.255.255.0/24 | 16777215",
                "network: 10.50.0.0/16, subnetLen: 28 | 10.50.0.16/28 | 10.50.255.240/28 | 4095",
                "network: 10.50.0.0/16, subnetLen: 18 | 10.50.64.0/18 | 10.50.192.0/18 | 3",
                "network: 10.50.0.0/16, subnetLen: 30 | 10.50.0.4/30 | 10.50.255.252/30 | 16383",
                "network: 10.50.0.0/16, subnetMin: 10.50.0.0 | 10.50.0.0/24 | 10.50.255.0/24 | 256",
                "network: 10.50.0.0/16, subnetMin: 10.50.8.0, subnetMax: 10.50.9.0 | 10.50.8.0/24 | 10.50.9.0/24 | 2",
                "network: 10.50.0.0/16, subnetMax: 10.50.9.0 | 10.50.1.0/24 | 10.50.9.0/24 | 9",
                "network: 10.50.0.0/16, subnetMin: 10.50.0.0, subnetMax: 10.50.0.0 | 10.50.0.0/24 | 10.50.0.0/24 | 1",
                "network: 10.50.0.0/16, subnetMin: 10.50.8.0, subnetMax: 10.50.8.0 | 10.50.8.0/24 | 10.50.8.0/24 | 1",
            })
    void laysOutIpv4AsFlannelDoes(String spec, String first, String last, BigInteger capacity) {
        SubnetPool pool = Specs.ipv4(Specs.network(spec.replace(", ", "\n")));
        assertThat(pool.subnet(pool.first())).hasToString(first);
        assertThat(pool.subnet(pool.last())).hasToString(last);
        assertThat(pool.capacity()).isEqualTo(capacity);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ipv6Network: fd00:50::/48 | fd00:50:0:1::/64 | fd00:50:0:ffff::/64",
                "ipv6Network: fd00:50::/62 | fd00:50:0:1::/64 | fd00:50:0:3::/64",
                "ipv6Network: fd00:50::/63 | fd00:50:0:0:8000::/65 | fd00:50:0:1:8000::/65",
                "ipv6Network: fd00:50::/124 | fd00:50::4/126 | fd00:50::c/126",
                "ipv6Network: fd00:50::/48, ipv6SubnetLen: 56 | fd00:50:0:100::/56 | fd00:50:0:ff00::/56",
                "ipv6Network: fd00:50::/48, ipv6SubnetLen: 50 | fd00:50:0:4000::/50 | fd00:50:0:c000::/50",
                "ipv6Network: fd00:50::/120, ipv6SubnetLen: 126 | fd00:50::4/126 | fd00:50::fc/126",
                "ipv6Network: fd00:50::/48, ipv6SubnetMin: 'fd00:50::' | fd00:50::/64 | fd00:50:0:ffff::/64",
                "ipv6Network: fd00:50::/48, ipv6SubnetMax: 'fd00:50:0:9::' | fd00:50:0:1::/64 | fd00:50:0:9::/64",
            })
    void laysOutIpv6AsFlannelDoes(String spec, String first, String last) {
        Network network = Specs.network(spec.replace(", ", "\n"));
        SubnetPool pool = Specs.ipv6(network);
        assertThat(network.ipv4()).isNull();
        assertThat(pool.subnet(pool.first())).hasToString(first);
        assertThat(pool.subnet(pool.last())).hasToString(last);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "network: 10.0.0.0/24, subnetLen: 25 | subnetLen 25 does not fit 10.0.0.0/24: want 26 to 30",
                "network: 10.0.0.0/24, subnetLen: 31 | subnetLen 31 does not fit 10.0.0.0/24: want 26 to 30",
                "network: 10.0.0.0/24, subnetLen: 0 | subnetLen 0 does not fit 10.0.0.0/24: want 26 to 30",
                "network: 10.0.0.0/24, subnetLen: 3000 | subnetLen 3000 does not fit 10.0.0.0/24: want 26 to 30",
                "network: 10.0.0.0/24, subnetLen: '26' | subnetLen \"26\" is wrong: want a whole number",
                "network: 10.0.0.0/24, subnetLen: 26.5 | subnetLen 26.5 is wrong: want a whole number",
                "network: 10.0.0.0/29 | network 10.0.0.0/29 is too small: want a prefix of at most /28",
                "network: 10.0.0.0/32 | network 10.0.0.0/32 is too small: want a prefix of at most /28",
                "network: 10.0.0.0/29, subnetLen: 30 | network 10.0.0.0/29 is too small: want a prefix of at most /28",
                "ipv6Network: fd00::/48, ipv6SubnetLen: 49 | ipv6SubnetLen 49 does not fit fd00::/48: want 50 to 126",
                "ipv6Network: fd00::/48, ipv6SubnetLen: 127 | ipv6SubnetLen 127 does not fit fd00::/48: want 50 to 126",
                "ipv6Network: fd00::/125 | ipv6Network fd00::/125 is too small: want a prefix of at most /124",
                "network: 10.0.0.1/16 | network 10.0.0.1/16 has host bits: want 10.0.0.0/16",
                "network: 10.0.0.0 | network 10.0.0.0 is no IPv4 network: want one such as 10.50.0.0/16",
                "network: fd00::/48 | network fd00::/48 is no IPv4 network: want one such as 10.50.0.0/16",
                "ipv6Network: 10.0.0.0/8 | ipv6Network 10.0.0.0/8 is no IPv6 network: want one such as fd00:50::/48",
                "network: 10 | network 10 is wrong: want a string",
                "network: 10.0.0.0/16, subnetMin: 10.1.0.0 | subnetMin 10.1.0.0 is outside: want an address in 10.0.0.0/16",
                "network: 10.0.0.0/16, subnetMax: 10.1.0.0 | subnetMax 10.1.0.0 is outside: want an address in 10.0.0.0/16",
                "network: 10.0.0.0/16, subnetMin: 10.0.1.1 | subnetMin 10.0.1.1 is not where a /24 begins: want 10.0.1.0, say",
                "network: 10.0.0.0/16, subnetMax: 10.0.1.1 | subnetMax 10.0.1.1 is not where a /24 begins: want 10.0.1.0, say",
                "network: 10.0.0.0/16, subnetMin: '::1' | subnetMin ::1 is no IPv4 address: want one in the network",
                "ipv6Network: fd00::/48, ipv6SubnetMin: 'fd01::' | ipv6SubnetMin fd01:: is outside: want an address in fd00::/48",
                "ipv6Network: fd00::/48, ipv6SubnetMax: 'fd01::' | ipv6SubnetMax fd01:: is outside: want an address in fd00::/48",
                "ipv6Network: fd00::/48, ipv6SubnetMin: 'fd00::1' | ipv6SubnetMin fd00::1 is not where a /64 begins: want fd00::, say",
                "network: 10.0.0.0/16, subnetMin: 10.0.1 | subnetMin 10.0.1 is no IPv4 address: want one in the network",
                "network: 10.0.0.0/16, subnetMax: 10.0.0.0 | subnetMin 10.0.1.0 lies after subnetMax 10.0.0.0: want it before",
                "network: 10.0.0.0/16, subnetMin: 10.0.9.0, subnetMax: 10.0.8.0 | subnetMin 10.0.9.0 lies after subnetMax 10.0.8.0: want it before",
                "leaseDuration: 1h | network is missing: want network or ipv6Network, or both",
                "network: 10.0.0.0/16, ipv6SubnetLen: 64 | ipv6SubnetLen is set without ipv6Network: want both or neither",
                "network: 10.0.0.0/16, subnetSource: Node | subnetSource Node is unknown: want Pool or NodePodCIDR",
                "network: 10.0.0.0/16, leaseDuration: 1d | leaseDuration 1d is not a positive duration: want one such as 30s, 5m or 24h",
                "network: 10.0.0.0/16, leaseDuration: 0s | leaseDuration 0s is not a positive duration: want one such as 30s, 5m or 24h",
                "network: 10.0.0.0/16, removalGrace: -1s | removalGrace -1s is not a duration: want one such as 30s, 5m or 24h",
                "network: 10.0.0.0/16, teardownTimeout: 5 | teardownTimeout 5 is wrong: want a string",
                "network: 10.0.0.0/16, nodeSelector: {gpu: true} | nodeSelector.gpu true is wrong: want a string",
                "network: 10.0.0.0/16, nodeSelector: gpu | nodeSelector \"gpu\" is wrong: want an object",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 0} | rollout.maxUnavailable 0 is wrong: want a count from 1 or a percentage from 1% to 100%",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 101%} | rollout.maxUnavailable \"101%\" is wrong: want a count from 1 or a percentage from 1% to 100%",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 1.5} | rollout.maxUnavailable 1.5 is wrong: want a count from 1 or a percentage from 1% to 100%",
            })
    void namesSubjectValueAndWhatWasWanted(String spec, String problem) {
        String yaml = spec.replaceAll(", (?=[a-zA-Z0-9]+: )", "\n");
        assertThat(Specs.problems(yaml)).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: vxlan, subnetAddCommand: a} | backend.type vxlan is unknown: want extension",
                "{type: Extension, subnetAddCommand: a} | backend.type Extension is unknown: want extension",
                "{subnetAddCommand: a} | backend.type is missing: want extension",
                "{type: extension} | backend.subnetAddCommand is missing: want at least one command",
                "{type: extension, subnetAddCommand: ''} | backend.subnetAddCommand is empty: want a command, or leave it out",
                "{type: extension, subnetAddCommand: \" \\n\"} | backend.subnetAddCommand is empty: want a command, or leave it out",
                "{type: extension, subnetAddCommand: [ip, route]} | backend.subnetAddCommand [\"ip\",\"route\"] is wrong: want a string",
                "{type: extension, subnetAddCommand: \"true\\0false\"} | backend.subnetAddCommand holds a NUL character: want text that a shell can be given",
                "{type: extension, subnetAddCommand: a, timeout: soon} | backend.timeout soon is not a positive duration: want one such as 30s, 5m or 24h",
                "{type: extension, subnetAddCommand: a, parallelism: 0} | backend.parallelism 0 is wrong: want 1 to 256",
                "{type: extension, subnetAddCommand: a, mtu: 67} | backend.mtu 67 is wrong: want 68 to 65535",
                "{type: extension, subnetAddCommand: a, mtuOverhead: -1} | backend.mtuOverhead -1 is wrong: want 0 to 65535",
                "{type: extension, subnetAddCommand: a, retry: {initialDelay: 2m}} | backend.retry.maxDelay 1m is shorter than backend.retry.initialDelay 2m: want it as long or longer",
                "extension | backend \"extension\" is wrong: want an object",
            })
    void refusesABackendThatCannotRun(String backend, String problem) {
        assertThat(Specs.problemsOfWhole("network: 10.50.0.0/16\nbackend: " + backend))
                .first()
                .isEqualTo(problem);
    }

    @Test
    void refusesACommandThatIsTooLongForTheKernel() {
        String spec = "network: 10.50.0.0/16\nbackend: {type: extension, subnetAddCommand: %s}";
        assertThat(Specs.problemsOfWhole(spec.formatted("x".repeat(131_071)))).isEmpty();
        assertThat(Specs.problemsOfWhole(spec.formatted("x".repeat(131_072))))
                .containsExactly("backend.subnetAddCommand has 131072 bytes: want at most 131071");
    }

    @Test
    void findsEveryProblemInOneGo() {
        assertThat(Specs.problemsOfWhole("""
                network: 10.50.0.0/16
                subnetLen: 99
                subnetMin: 10.51.0.0
                subnetMax: nowhere
                ipv6Network: fd00::1/48
                leaseDuration: never
                backend: {type: vxlan, timeout: soon, parallelism: 1000}
                """)).hasSize(9).allMatch(problem -> problem.contains("want "));
    }

    @Test
    void refusesASpecThatIsNoObject() {
        assertThat(Specs.problemsOfWhole("[]")).containsExactly("spec is missing: want an object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../etc", "a/b", "Demo", "-demo", "demo-", "a..b", "a b", "a\n"})
    void refusesANameThatNoResourceHas(String name) {
        Decoded decoded = NetworkDecoder.decode(
                name, Specs.yaml("network: 10.50.0.0/16\nbackend: {type: extension, subnetAddCommand: a}"));
        assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
    }

    @Test
    void countsBothFamiliesFromTheirNetworksBase() {
        Network network = Specs.network("""
                network: 10.50.0.0/16
                subnetMin: 10.50.3.0
                ipv6Network: fd00:50::/48
                ipv6SubnetMax: 'fd00:50:0:3::'
                """);
        assertThat(Specs.ipv4(network).first()).isEqualTo(Specs.ipv6(network).last());
    }

    @Test
    void refusesFamiliesThatShareNoSubnetNumber() {
        assertThat(Specs.problems("""
                network: 10.50.0.0/16
                subnetMin: 10.50.4.0
                ipv6Network: fd00:50::/48
                ipv6SubnetMax: 'fd00:50:0:3::'
                """))
                .containsExactly(
                        "subnetMin and subnetMax allow subnets 4 to 255, ipv6SubnetMin and ipv6SubnetMax 1 to 3,"
                                + " counted from each network's base: want a number that both allow");
    }

    @Test
    void putsNoLengthOrRangeToSubnetsThatComeFromTheNodes() {
        Network network = Specs.network("""
                network: 10.50.0.0/30
                subnetSource: NodePodCIDR
                subnetLen: 99
                ipv6Network: fd00:50::/126
                """);
        assertThat(network.subnetSource()).isEqualTo(SubnetSource.NODE_POD_CIDR);
        assertThat(network.ipv4Network()).map(Object::toString).contains("10.50.0.0/30");
    }

    @Test
    void hasTheDefaultsOfTheDesign() {
        Network network = Specs.network("network: 10.50.0.0/16");
        assertThat(network.subnetSource()).isEqualTo(SubnetSource.POOL);
        assertThat(network.leaseDuration()).isEqualTo(Duration.ofHours(24));
        assertThat(network.nodeSelector()).isEmpty();
        assertThat(network.rollout()).isEqualTo(new Rollout("1", Duration.ofMinutes(5)));
        assertThat(network.removalGrace()).isEqualTo(Duration.ofMinutes(5));
        assertThat(network.teardownTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(network.settings())
                .isEqualTo(new BackendSettings(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        1,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        null,
                        0));
    }

    @Test
    void readsEveryField() {
        Network network = Specs.whole("""
                network: 10.50.0.0/16
                leaseDuration: 1h30m
                nodeSelector: {gpu: "true", zone: ""}
                rollout: {maxUnavailable: 10%, timeout: 500ms}
                removalGrace: 0s
                teardownTimeout: 1m
                backend:
                  type: extension
                  preStartupCommand: pre
                  postStartupCommand: post
                  subnetAddCommand: add
                  subnetRemoveCommand: remove
                  shutdownCommand: down
                  subnetCheckCommand: check
                  startupCheckCommand: startup check
                  subnetBatchCommand: batch
                  timeout: 10s
                  checkPeriod: 5m
                  parallelism: 4
                  retry: {initialDelay: 100ms, maxDelay: 5s}
                  mtu: 1400
                  mtuOverhead: 50
                """);
        assertThat(network.nodeSelector()).isEqualTo(Map.of("gpu", "true", "zone", ""));
        assertThat(network.rollout()).isEqualTo(new Rollout("10%", Duration.ofMillis(500)));
        assertThat(network.removalGrace()).isZero();
        assertThat(network.teardownTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(network.leaseDuration()).isEqualTo(Duration.ofMinutes(90));
        assertThat(network.commands())
                .isEqualTo(new HookCommands("pre", "post", "add", "remove", "down", "check", "startup check", "batch"));
        assertThat(network.settings())
                .isEqualTo(new BackendSettings(
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        4,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        1400,
                        50));
    }

    @Test
    void saysWhichFieldsHaveNoEffect() {
        List<String> ignored = NetworkDecoder.ignoredFields(Specs.yaml("""
                network: 10.50.0.0/16
                subnetLength: 24
                rollout: {maxunavailable: 2}
                nodeSelector: {anything: goes}
                backend: {type: extension, subnetAddCommand: a, vni: 1}
                """));
        assertThat(ignored)
                .containsExactly(
                        "subnetLength has no effect here",
                        "rollout.maxunavailable has no effect here: did you mean rollout.maxUnavailable?",
                        "backend.vni has no effect here");
    }

    @Test
    void saysThatALengthHasNoEffectWhereSubnetsComeFromTheNodes() {
        assertThat(NetworkDecoder.ignoredFields(Specs.yaml("""
                network: 10.50.0.0/16
                subnetSource: NodePodCIDR
                subnetLen: 24
                backend: {type: extension, subnetAddCommand: a}
                """))).containsExactly("subnetLen has no effect here");
    }
}

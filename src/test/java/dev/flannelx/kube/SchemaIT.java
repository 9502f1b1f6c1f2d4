package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flannelx.kube.resource.FlannelNetwork;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.NetworkDecoder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema and its CEL on a real API server, and that they agree with the decoder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaIT {
    private static final String ADD = "backend: {type: extension, subnetAddCommand: 'true'}";

    private final KubernetesClient admin = ApiServer.shared().admin();
    private final AtomicInteger names = new AtomicInteger();

    @AfterAll
    void disconnect() {
        admin.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network: 10.0.0.0/16",
                "network: 10.0.0.0/28",
                "network: 0.0.0.0/0",
                "network: 10.0.0.0/16, subnetLen: 18",
                "network: 10.0.0.0/16, subnetLen: 30",
                "network: 10.0.0.0/16, subnetMin: 10.0.0.0, subnetMax: 10.0.255.0",
                "ipv6Network: 'fd00::/48'",
                "ipv6Network: 'FD00:0::/48'",
                "ipv6Network: 'fd00::/124'",
                "ipv6Network: 'fd00::/48', ipv6SubnetLen: 126",
                "network: 10.0.0.0/16, ipv6Network: 'fd00::/48', ipv6SubnetMin: 'fd00:0:0:5::'",
                "network: 10.0.0.0/16, subnetSource: NodePodCIDR",
                "network: 10.0.0.0/16, leaseDuration: 1h30m, removalGrace: '0', teardownTimeout: 0s",
                "network: 10.0.0.0/16, leaseDuration: 0.5h",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 25%}",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 100%}",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 3, timeout: 10m}",
                "network: 10.0.0.0/16, nodeSelector: {a: b}"
            })
    void acceptsWhatTheDecoderAccepts(String spec) {
        GenericKubernetesResource accepted = create(network("{" + spec + ", " + ADD + "}"));
        GenericKubernetesResource asTheClassHasIt = convert(convert(accepted, FlannelNetwork.class));

        assertThat(NetworkDecoder.decode("n", Untyped.part(asTheClassHasIt, "spec")))
                .isInstanceOf(Decoded.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "subnetLen: 24 | want network or ipv6Network",
                "network: 10.0.0.0 | want an IPv4 network",
                "network: 'fd00::/48' | want an IPv4 network",
                "network: 10.0.0.0/33 | want an IPv4 network",
                "network: 10.0.0.0/016 | want an IPv4 network",
                "network: 010.0.0.0/16 | want an IPv4 network",
                "network: '' | want an IPv4 network",
                "network: 10.0.0.1/16 | network 10.0.0.1/16 has host bits",
                "network: 10.0.0.0/29 | network 10.0.0.0/29 is too small: want a prefix of at most /28",
                "network: '$(reboot)' | want an IPv4 network",
                "network: 10.0.0.0/16, subnetLen: 17 | subnetLen does not fit 10.0.0.0/16: want at least its prefix + 2",
                "network: 10.0.0.0/16, subnetLen: 31 | should be less than or equal to 30",
                "network: 10.0.0.0/16, subnetMin: 10.1.0.0 | subnetMin lies outside network",
                "network: 10.0.0.0/16, subnetMax: 10.1.0.0 | subnetMax lies outside network",
                "network: 10.0.0.0/16, subnetMin: '::1' | want an IPv4 address",
                "network: 10.0.0.0/16, subnetMin: ten | want an IPv4 address",
                "network: 10.0.0.0/16, ipv6SubnetLen: 64 | want ipv6Network",
                "ipv6Network: 'fd00::/48', subnetMin: 10.0.0.0 | want network",
                "ipv6Network: 10.0.0.0/16 | want an IPv6 network",
                "ipv6Network: 'fd00::1/48' | has host bits",
                "ipv6Network: 'fd00::/125' | too small",
                "ipv6Network: 'fd00::/48', ipv6SubnetLen: 49 | ipv6SubnetLen does not fit",
                "ipv6Network: 'fd00::/48', ipv6SubnetMax: 'fe00::' | ipv6SubnetMax lies outside",
                "network: 10.0.0.0/16, subnetSource: pool | subnetSource: Unsupported value",
                "network: 10.0.0.0/16, leaseDuration: 0s | leaseDuration",
                "network: 10.0.0.0/16, leaseDuration: 1 day | leaseDuration",
                "network: 10.0.0.0/16, leaseDuration: -1h | leaseDuration",
                "network: 10.0.0.0/16, removalGrace: 5 | removalGrace",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 0} | want a count from 1",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 0%} | want a count from 1",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: 101%} | want a count from 1",
                "network: 10.0.0.0/16, rollout: {maxUnavailable: many} | want a count from 1",
            })
    void refusesWhatTheDecoderRefuses(String spec, String message) {
        GenericKubernetesResource network = network("{" + spec + ", " + ADD + "}");

        assertThatThrownBy(() -> create(network))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
        assertThat(NetworkDecoder.decode("n", Untyped.part(network, "spec"))).isInstanceOf(Decoded.Invalid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "type: extension | want at least one command",
                "type: vxlan, subnetAddCommand: x | Unsupported value",
                "subnetAddCommand: x | Required value",
                "type: extension, subnetAddCommand: '  ' | subnetAddCommand",
                "type: extension, subnetAddCommand: x, parallelism: 0 | parallelism",
                "type: extension, subnetAddCommand: x, timeout: 0s | timeout",
                "type: extension, subnetAddCommand: x, retry: {initialDelay: soon} | initialDelay",
                "type: extension, subnetAddCommand: x, mtu: 67 | mtu",
                "type: extension, subnetAddCommand: x, mtuOverhead: -1 | mtuOverhead",
            })
    void refusesABackendThatTheDecoderRefuses(String backend, String message) {
        GenericKubernetesResource network = network("{network: 10.0.0.0/16, backend: {" + backend + "}}");

        assertThatThrownBy(() -> create(network))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
        assertThat(NetworkDecoder.decode("n", Untyped.part(network, "spec"))).isInstanceOf(Decoded.Invalid.class);
    }

    @Test
    void fillsInTheDefaultsOfTheDecoderAndNoLengths() {
        GenericKubernetesResource bare = network("{network: 10.0.0.0/24, " + ADD + "}");
        GenericKubernetesResource filled = create(bare);

        assertThat(Untyped.part(filled, "spec").toString())
                .contains("\"leaseDuration\":\"24h\"", "\"maxUnavailable\":1", "\"initialDelay\":\"1s\"")
                .doesNotContain("subnetLen");
        assertThat(NetworkDecoder.decode("n", Untyped.part(filled, "spec")))
                .isEqualTo(NetworkDecoder.decode("n", Untyped.part(bare, "spec")));
    }

    @Test
    void refusesANameThatLeasesCouldNotCarry() {
        GenericKubernetesResource network = network("{network: 10.0.0.0/16, " + ADD + "}");
        network.getMetadata().setName("n".repeat(64));

        assertThatThrownBy(() -> create(network)).hasMessageContaining("at most 63 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "network: 10.0.0.0/16 | network: 10.1.0.0/16 | network is immutable",
                "network: 10.0.0.0/16 | network: 10.0.0.0/16, ipv6Network: 'fd00::/48' | ipv6Network is immutable",
                "network: 10.0.0.0/16, ipv6Network: 'fd00::/48' | network: 10.0.0.0/16 | ipv6Network is immutable",
                "network: 10.0.0.0/16 | network: 10.0.0.0/16, subnetLen: 25 | subnetLen is immutable",
                "network: 10.0.0.0/16, subnetLen: 25 | network: 10.0.0.0/16 | subnetLen is immutable",
                "network: 10.0.0.0/16, subnetLen: 25 | network: 10.0.0.0/16, subnetLen: 26 | subnetLen is immutable",
                "network: 10.0.0.0/16 | network: 10.0.0.0/16, subnetSource: NodePodCIDR | subnetSource is immutable",
                "network: 10.0.0.0/16, subnetSource: NodePodCIDR | network: 10.0.0.0/16 | subnetSource is immutable",
            })
    void refusesAChangeOfWhatNodesBuildOn(String before, String after, String message) {
        GenericKubernetesResource network = create(network("{" + before + ", " + ADD + "}"));
        network.setAdditionalProperty("spec", parsed("{" + after + ", " + ADD + "}"));

        assertThatThrownBy(() -> admin.resource(network).update()).hasMessageContaining(message);
    }

    @Test
    void letsFirstAndLastAndCommandsChange() {
        GenericKubernetesResource network = create(network("{network: 10.0.0.0/16, subnetMin: 10.0.5.0, " + ADD + "}"));
        network.setAdditionalProperty(
                "spec",
                parsed("{network: 10.0.0.0/16, subnetMax: 10.0.9.0,"
                        + " backend: {type: extension, subnetAddCommand: 'false'}}"));

        assertThatCode(() -> admin.resource(network).update()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "demo-10-50-7-0-24 | network: demo, nodeName: a, subnet: 10.50.7.0/24",
                "demo-10-50-8-0-24 | network: demo, nodeName: a, subnet: 10.50.8.0/24, publicIP: 192.0.2.1, backendData: \"a\\tb\\n c~\"",
                "demo-10-50-9-0-24 | network: demo, nodeName: a, subnet: 10.50.9.0/24, ipv6Subnet: 'fd00:0:0:9::/64', publicIPv6: '2001:db8::1'",
                "demo-fd00-0-0-7---64 | network: demo, nodeName: a.example.com, ipv6Subnet: 'fd00:0:0:7::/64'",
                "demo-10-50-10-0-24 | network: demo, nodeName: a, subnet: 10.50.10.0/24, acquireTime: '2026-01-02T03:04:05.000006Z', reserved: true",
            })
    void acceptsLeases(String name, String spec) {
        assertThatCode(() -> create(lease(name, "{" + spec + "}"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bad-10-50-7-0-24 | network: other, nodeName: a, subnet: 10.50.7.0/24 | want other-10-50-7-0-24",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.8.0/24 | want bad-10-50-8-0-24",
                "bad-10-50-7-0-24 | network: bad, nodeName: a | want subnet or ipv6Subnet",
                "bad-10-50-7-1-24 | network: bad, nodeName: a, subnet: 10.50.7.1/24 | host bits",
                "bad-10-50-7-0-024 | network: bad, nodeName: a, subnet: 10.50.7.0/024 | canonical form",
                "bad-fd00-0---64 | network: bad, nodeName: a, ipv6Subnet: 'fd00:0::/64' | canonical form",
                "bad-FD00---64 | network: bad, nodeName: a, ipv6Subnet: 'FD00::/64' | canonical form",
                "bad-10-50-7-0-24 | network: bad, nodeName: '$(reboot)', subnet: 10.50.7.0/24 | nodeName",
                "bad-10-50-7-0-24 | network: bad, nodeName: '../../etc', subnet: 10.50.7.0/24 | nodeName",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: '10.50.7.0/24;id' | canonical form",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, publicIP: '`reboot`' | IPv4 address",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, publicIP: '' | IPv4 address",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, publicIPv6: 'fe80::1%eth0' | IPv6 address",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, publicIPv6: '::ffff:1.2.3.4' | IPv6 address",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, backendData: \"\\e[2J\" | backendData",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, backendData: 'é' | backendData",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, backendType: 'a b' | backendType",
                "bad-10-50-7-0-24 | network: bad, nodeName: a, subnet: 10.50.7.0/24, acquireTime: yesterday | acquireTime",
            })
    void refusesLeasesThatAreNonsense(String name, String spec, String message) {
        assertThatThrownBy(() -> create(lease(name, "{" + spec + "}")))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesDataThatWouldStopEveryFlanneld() {
        GenericKubernetesResource lease = lease(
                "big-10-50-7-0-24",
                "{network: big, nodeName: a, subnet: 10.50.7.0/24, backendData: '%s'}"
                        .formatted("x".repeat(100 * 1024)));

        assertThatThrownBy(() -> create(lease)).hasMessageContaining("backendData: Too long");
    }

    @Test
    void acceptsDataOfFourKibibytes() {
        assertThatCode(() -> create(lease(
                        "large-10-50-7-0-24",
                        "{network: large, nodeName: a, subnet: 10.50.7.0/24, backendData: '%s'}"
                                .formatted("x".repeat(4096)))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network: fix, nodeName: b, subnet: 10.50.7.0/24",
                "network: fix, nodeName: a, subnet: 10.50.7.0/24, ipv6Subnet: 'fd00::/64'"
            })
    void refusesToHandALeaseOver(String changed) {
        GenericKubernetesResource lease = admin.resource(
                        lease("fix-10-50-7-0-24", "{network: fix, nodeName: a, subnet: 10.50.7.0/24}"))
                .createOr(NonDeletingOperation::patch);
        lease.setAdditionalProperty("spec", parsed("{" + changed + "}"));

        assertThatThrownBy(() -> admin.resource(lease).update()).hasMessageContaining("is immutable");
    }

    private <T> T convert(Object resource, Class<T> type) {
        return admin.getKubernetesSerialization().convertValue(resource, type);
    }

    private GenericKubernetesResource convert(FlannelNetwork network) {
        return convert(network, GenericKubernetesResource.class);
    }

    private GenericKubernetesResource create(GenericKubernetesResource resource) {
        return admin.resource(resource).create();
    }

    private GenericKubernetesResource network(String spec) {
        return Serialization.unmarshal(
                "apiVersion: flannelx.dev/v1alpha1\nkind: FlannelNetwork\nmetadata: {name: schema-%d}\nspec: %s\n"
                        .formatted(names.incrementAndGet(), spec),
                GenericKubernetesResource.class);
    }

    private Object parsed(String spec) {
        return Objects.requireNonNull(network(spec).getAdditionalProperties().get("spec"));
    }

    private static GenericKubernetesResource lease(String name, String spec) {
        return Serialization.unmarshal(
                "apiVersion: flannelx.dev/v1alpha1\nkind: SubnetLease\nmetadata: {name: %s}\nspec: %s\n"
                        .formatted(name, spec),
                GenericKubernetesResource.class);
    }
}

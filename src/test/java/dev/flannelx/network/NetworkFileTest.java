package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.NetworkFile.Parsed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFileTest {
    private static final String RESOURCE = """
            apiVersion: flannelx.dev/v1alpha1
            kind: FlannelNetwork
            metadata:
              name: demo
            spec:
              network: 10.50.0.0/16
              backend:
                type: extension
                subnetAddCommand: |
                  ip route replace "$SUBNET" via "$PUBLIC_IP"
            """;

    private static final String NET_CONF = """
            {"Network": "10.50.0.0/16", "Backend": {"Type": "extension", "SubnetAddCommand": "add"}}""";

    @Test
    void readsAResource() {
        NetworkFile file = found(RESOURCE);
        assertThat(file.name()).isEqualTo("demo");
        assertThat(network(file).commands().subnetAdd()).isEqualTo("ip route replace \"$SUBNET\" via \"$PUBLIC_IP\"\n");
        assertThat(file.advice()).isEmpty();
    }

    @Test
    void readsAResourceAsJson() {
        assertThat(network(found("""
                {"apiVersion": "flannelx.dev/v1alpha1", "kind": "FlannelNetwork", "metadata": {"name": "demo"},
                 "spec": {"network": "10.50.0.0/16", "backend": {"type": "extension", "subnetAddCommand": "add"}}}
                """))).isEqualTo(Specs.network("network: 10.50.0.0/16"));
    }

    @Test
    void passesOverOtherDocuments() {
        String others = "---\nkind: Namespace\n---\nkind: ConfigMap\nmetadata: {name: other}\n---\n";
        assertThat(found(others + RESOURCE + "---\n").name()).isEqualTo("demo");
    }

    @Test
    void looksIntoLists() {
        String list =
                "apiVersion: v1\nkind: List\nitems:\n- " + RESOURCE.strip().replace("\n", "\n  ") + "\n";
        assertThat(found(list).name()).isEqualTo("demo");
    }

    @Test
    void readsFlannelsOwnFormatWithKeysInAnyCase() {
        NetworkFile file = found("""
                {"NETWORK": "10.50.0.0/16", "subnetlen": 26, "SubnetMin": "10.50.1.0", "subnetMAX": "10.50.2.0",
                 "EnableIPv6": true, "ipv6network": "fd00::/48", "IPv6SubnetLen": 60,
                 "backend": {"TYPE": "extension", "prestartupcommand": "pre", "PostStartupCommand": "post",
                  "subnetADDcommand": "add", "SubnetRemoveCommand": "remove", "ShutdownCommand": "down"}}
                """);
        assertThat(file.name()).isEqualTo("fallback");
        assertThat(network(file)).isEqualTo(network("fallback", """
                network: 10.50.0.0/16
                subnetLen: 26
                subnetMin: 10.50.1.0
                subnetMax: 10.50.2.0
                ipv6Network: fd00::/48
                ipv6SubnetLen: 60
                backend:
                  type: extension
                  preStartupCommand: pre
                  postStartupCommand: post
                  subnetAddCommand: add
                  subnetRemoveCommand: remove
                  shutdownCommand: down
                """));
    }

    @Test
    void masksHostBitsAsFlannelDoes() {
        assertThat(network(found(NET_CONF.replace("10.50.0.0", "10.50.7.9"))).ipv4Network())
                .map(Object::toString)
                .contains("10.50.0.0/16");
    }

    @Test
    void takesZeroValuesForAbsentOnesAsFlannelDoes() {
        assertThat(network(found("""
                {"Network": "10.50.0.0/16", "SubnetLen": 0, "SubnetMin": "0.0.0.0", "SubnetMax": "",
                 "Backend": {"Type": "extension", "PreStartupCommand": "", "SubnetAddCommand": "add"}}
                """))).isEqualTo(network(found(NET_CONF)));
    }

    @Test
    void leavesOutAFamilyThatIsNotEnabledAndSaysSo() {
        NetworkFile file = found(NET_CONF.replace("\"Backend\"", "\"IPv6Network\": \"fd00::/48\", \"Backend\""));
        assertThat(network(file).ipv6()).isNull();
        assertThat(file.advice()).containsExactly("ipv6Network is left out: EnableIPv6 is not true");
    }

    @Test
    void readsANetworkOfIpv6Alone() {
        NetworkFile file = found("""
                {"EnableIPv4": false, "EnableIPv6": true, "Network": "10.0.0.0/8", "IPv6Network": "fd00::/48",
                 "Backend": {"Type": "extension", "SubnetAddCommand": "add"}}
                """);
        assertThat(network(file).ipv4()).isNull();
        assertThat(network(file).ipv6Network()).map(Object::toString).contains("fd00::/48");
        assertThat(file.advice()).containsExactly("network is left out: EnableIPv4 is false");
    }

    @Test
    void saysWhatHasNoMeaningHere() {
        NetworkFile file = found("""
                {"Network": "10.50.0.0/16", "EnableNFTables": true,
                 "Backend": {"Type": "extension", "SubnetAddCommand": "add", "VNI": 1}}
                """);
        assertThat(file.advice())
                .containsExactly(
                        "EnableNFTables has no meaning here: it is left out",
                        "Backend.VNI has no meaning here: it is left out");
    }

    @Test
    void readsTheConfigMapThatFlannelIsDeployedWith() {
        NetworkFile file = found("""
                kind: Namespace
                ---
                kind: ConfigMap
                metadata: {name: kube-flannel-cfg, namespace: kube-flannel}
                data:
                  cni-conf.json: |
                    {"name": "cbr0"}
                  net-conf.json: |
                    {
                      "Network": "10.244.0.0/16",
                      "Backend": {"Type": "extension", "SubnetAddCommand": "add"}
                    }
                """);
        assertThat(file.name()).isEqualTo("kube-flannel-cfg");
        assertThat(network(file).ipv4Network()).map(Object::toString).contains("10.244.0.0/16");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '{"Network": }' | line 1, column 13: Unexpected character ('}' (code 125)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
            '{"Network": "10.0.0.0/8", "Network": "10.0.0.0/9"}' | line 1, column 36: Duplicate field 'Network'
            '{"Network": "10.0.0.0/8"} rest' | line 1, column 27: Unrecognized token 'rest': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
            '{"Network": "10.0.0.0/8", "EnableIPv4": "yes"}' | EnableIPv4 "yes" is wrong: want true or false
            '{"data": {}}' | no networks in it: want one FlannelNetwork, or one flannel configuration with Network and Backend
            'hello' | no networks in it: want one FlannelNetwork, or one flannel configuration with Network and Backend
            '' | no networks in it: want one FlannelNetwork, or one flannel configuration with Network and Backend
            '[1, 2]' | no networks in it: want one FlannelNetwork, or one flannel configuration with Network and Backend
            'kind: FlannelNetwork' | apiVersion  is unknown: want flannelx.dev/v1alpha1
            """)
    void saysWhatAndWhereItDoesNotUnderstand(String text, String problem) {
        assertThat(unreadable(text)).isEqualTo(problem);
    }

    @Test
    void namesLineAndColumnOfAMistakeInYaml() {
        assertThat(unreadable(RESOURCE.replace("  network:", "network: {"))).startsWith("line 7, column ");
        assertThat(unreadable(RESOURCE.replace("  network:", "\tnetwork:"))).startsWith("line 6, column 1: ");
        assertThat(unreadable(RESOURCE.replace("  backend", "  network: x\n  backend")))
                .startsWith("line 7, column ")
                .contains("network");
    }

    @Test
    void namesThePlaceWithinAConfigMap() {
        assertThat(unreadable("kind: ConfigMap\nmetadata: {name: cfg}\ndata:\n  net-conf.json: '{,}'\n"))
                .startsWith("net-conf.json of ConfigMap cfg: line 1, column 2: ");
    }

    @Test
    void refusesTwoNetworksAtOnce() {
        assertThat(unreadable(RESOURCE + "---\n" + RESOURCE)).startsWith("2 networks in it: want one");
    }

    @Test
    void refusesAResourceWithoutName() {
        assertThat(unreadable(RESOURCE.replace("name: demo", "labels: {}")))
                .isEqualTo("metadata.name is missing: want the network's name");
    }

    @Test
    void refusesAnotherVersion() {
        assertThat(unreadable(RESOURCE.replace("v1alpha1", "v9")))
                .isEqualTo("apiVersion flannelx.dev/v9 is unknown: want flannelx.dev/v1alpha1");
    }

    @Test
    void refusesAliasesRatherThanReadThemWrong() {
        String text = RESOURCE.replace("type: extension", "type: &anchor extension")
                .replaceFirst("subnetAddCommand: [|]\n.*\n", "subnetAddCommand: *anchor\n");
        assertThat(unreadable(text))
                .startsWith("line 9, column ")
                .endsWith("an alias (*) is not understood: write it out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "{", "\"", "%", "---\n...\n%", "a: b: c", "? ", "!!binary x", "&a *a", "\uFEFF"})
    void takesNoOffenceAtNonsense(String text) {
        assertThat(NetworkFile.parse(text, "fallback")).isInstanceOf(Parsed.Unreadable.class);
    }

    @Test
    void survivesAnyMutilationOfAFile() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var text = new StringBuilder(random.nextBoolean() ? RESOURCE : NET_CONF);
            for (int cut = random.nextInt(4); cut >= 0; cut--) {
                int at = random.nextInt(text.length());
                text.replace(at, Math.min(text.length(), at + random.nextInt(3)), anything(random));
            }
            assertThat(NetworkFile.parse(text.toString(), "fallback"))
                    .as("seed %d: %s", seed, text)
                    .satisfies(parsed -> {
                        if (parsed instanceof Parsed.Found(NetworkFile file)) {
                            assertThat(file.decode()).isNotNull();
                        }
                    });
        }
    }

    private static String anything(Random random) {
        String characters = "{}[]:,\"'\n\t -#&*!|>%@`\\\u0000ü0";
        return String.valueOf(characters.charAt(random.nextInt(characters.length())));
    }

    private static NetworkFile found(String text) {
        return switch (NetworkFile.parse(text, "fallback")) {
            case Parsed.Found(NetworkFile file) -> file;
            case Parsed.Unreadable(String problem) -> throw new AssertionError(problem);
        };
    }

    private static String unreadable(String text) {
        return switch (NetworkFile.parse(text, "fallback")) {
            case Parsed.Found(NetworkFile file) -> throw new AssertionError(file);
            case Parsed.Unreadable(String problem) -> problem;
        };
    }

    private static Network network(NetworkFile file) {
        if (file.decode() instanceof Decoded.Valid(Network network)) {
            return network;
        }
        throw new AssertionError(file.decode());
    }

    private static Network network(String name, String spec) {
        if (NetworkDecoder.decode(name, Specs.yaml(spec)) instanceof Decoded.Valid(Network network)) {
            return network;
        }
        throw new AssertionError(spec);
    }
}

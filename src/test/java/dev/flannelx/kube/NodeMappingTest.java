package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.reconcile.NodeHealth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeMappingTest {
    @Test
    void aNodeIsReadWithAllThatConcernsItsNetwork() {
        SeenNode seen = NodeMapping.seen(Resources.yaml("""
                metadata: {name: node1, uid: some-uid, labels: {zone: a}}
                spec: {podCIDR: 10.50.7.0/24, podCIDRs: [10.50.7.0/24, "fd00:7::/64"]}
                status: {conditions: [{type: NetworkUnavailable, status: "True"}, {type: Ready, status: "True"}]}
                """));

        assertThat(seen)
                .isEqualTo(new SeenNode(
                        "node1",
                        "some-uid",
                        Map.of("zone", "a"),
                        Objects.requireNonNull(SubnetText.parse(List.of("fd00:7::/64", "10.50.7.0/24"))),
                        NodeHealth.READY,
                        true));
    }

    @ParameterizedTest
    @CsvSource({"'True', READY, true", "'False', NOT_READY, false", "'Unknown', SILENT, false", "'', NOT_READY, false"})
    void onlyANodeThatSaysSoIsReady(String status, NodeHealth health, boolean ready) {
        SeenNode seen = NodeMapping.seen(Resources.yaml(
                "metadata: {name: n}\nstatus: {conditions: [{type: Ready, status: '%s'}]}".formatted(status)));

        assertThat(seen.health()).isEqualTo(health);
        assertThat(seen.ready()).isEqualTo(ready);
        assertThat(seen.networkUnavailable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{podCIDRs: []}", "{podCIDRs: 10.50.7.0/24}", "{podCIDRs: ['10.50.7.0', '', 7]}"})
    void whereThereAreNoPodCidrsThereIsNoSubnet(String spec) {
        assertThat(NodeMapping.seen(Resources.yaml("metadata: {name: n}\nspec: " + spec))
                        .podSubnet())
                .isNull();
    }
}

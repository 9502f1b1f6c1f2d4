package dev.flannelx.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.Decoded;
import dev.flannelx.network.Specs;
import dev.flannelx.reconcile.SeenNetwork;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkMappingTest {
    private static final String SPEC = "{network: 10.50.0.0/16, backend: {type: extension, subnetAddCommand: add}}";

    @Test
    void aNetworkIsReadWithAllThatAnAgentGoesBy() {
        SeenNetwork seen = NetworkMapping.seen(Resources.yaml("""
                metadata:
                  name: demo
                  uid: some-uid
                  generation: 7
                  creationTimestamp: "2026-01-02T03:04:05Z"
                spec: %s
                """.formatted(SPEC)));

        assertThat(seen)
                .isEqualTo(new SeenNetwork(
                        "demo",
                        "some-uid",
                        7,
                        Instant.parse("2026-01-02T03:04:05Z"),
                        false,
                        false,
                        false,
                        new Decoded.Valid(Specs.whole(SPEC))));
    }

    @Test
    void peopleOperatorAndDeletionEachHaveTheirMark() {
        SeenNetwork seen = NetworkMapping.seen(Resources.yaml("""
                metadata:
                  name: demo
                  deletionTimestamp: "2026-01-02T03:04:05Z"
                  annotations: {flannelx.dev/paused: "true"}
                spec: %s
                status: {conditions: [{type: Ready, status: "False"}, {type: TearingDown, status: "True"}]}
                """.formatted(SPEC)));

        assertThat(seen.paused()).isTrue();
        assertThat(seen.tearingDown()).isTrue();
        assertThat(seen.deleted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata: {annotations: {flannelx.dev/paused: 'no'}}",
                "status: {conditions: [{type: TearingDown, status: 'False'}]}",
                "status: {conditions: [{type: TearingDown, status: true}]}",
                "status: {conditions: TearingDown}",
                "status: [TearingDown]"
            })
    void whatIsNotSaidClearlyIsNotSaid(String resource) {
        SeenNetwork seen = NetworkMapping.seen(
                Resources.yaml(resource.startsWith("metadata") ? resource : "metadata: {}\n" + resource));

        assertThat(seen.paused()).isFalse();
        assertThat(seen.tearingDown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spec:",
                "spec: 7",
                "spec: []",
                "spec: {network: [10.50.0.0/16], backend: {type: extension, subnetAddCommand: add}}",
                "spec: {network: 10.50.0.0/16, backend: extension}",
                "spec: {network: 10.50.0.0/16, nodeSelector: [a], backend: {type: extension, subnetAddCommand: {a: b}}}",
                "spec: {network: 10.50.0.0/16, subnetLen: 1e400, backend: {type: extension, subnetAddCommand: add}}"
            })
    void aSpecThatMakesNoSenseIsInvalidAndNoMore(String spec) {
        SeenNetwork seen = NetworkMapping.seen(Resources.yaml("metadata: {name: demo, uid: u}\n" + spec));

        assertThat(seen.name()).isEqualTo("demo");
        assertThat(seen.decoded()).isInstanceOf(Decoded.Invalid.class);
    }
}

package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkEncoderTest {
    @Test
    void writesWhatTheDecoderReadsBackAsTheSame() {
        long seed = new Random().nextLong();
        var networks = new RandomNetworks(seed);
        for (int i = 0; i < 2_000; i++) {
            Network network = decode(networks.next(), seed);
            assertThat(decode(NetworkEncoder.encode(network), seed))
                    .as("seed %d", seed)
                    .isEqualTo(network);
        }
    }

    @Test
    void leavesOutWhatIsUsual() {
        String spec = """
                {"network":"10.50.0.0/16","backend":{"type":"extension","subnetAddCommand":"add"}}""";
        assertThat(NetworkEncoder.encode(Specs.whole(spec))).hasToString(spec);
    }

    @Test
    void writesTheSameForTheSameNetworkEachTime() {
        Network network = Specs.network("network: 10.50.0.0/16\nnodeSelector: {b: '1', a: '2', c: '3'}");
        assertThat(NetworkEncoder.encode(network).toString()).contains("""
                "nodeSelector":{"a":"2","b":"1","c":"3"}""");
    }

    private static Network decode(JsonNode spec, long seed) {
        return switch (NetworkDecoder.decode("demo", spec)) {
            case Decoded.Valid(Network network) -> network;
            case Decoded.Invalid(List<String> problems) ->
                throw new AssertionError("seed %d: %s in %s".formatted(seed, problems, spec));
        };
    }
}

package dev.flannelx.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.NetworkOverlap.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkOverlapTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void letsNetworksThatAreApartBe() {
        assertThat(standingBack(candidate("a", 0, "10.1.0.0/16"), candidate("b", 1, "10.2.0.0/16")))
                .isEmpty();
    }

    @Test
    void letsTheOlderStay() {
        assertThat(standingBack(candidate("a", 1, "10.1.0.0/16"), candidate("b", 0, "10.0.0.0/8")))
                .isEqualTo(Map.of("a", "b"));
    }

    @Test
    void letsTheFirstNameStayAmongTwoOfOneAge() {
        assertThat(standingBack(candidate("b", 0, "10.1.0.0/16"), candidate("a", 0, "10.1.0.0/16")))
                .isEqualTo(Map.of("b", "a"));
    }

    @Test
    void doesNotCountOneThatStandsBackItself() {
        assertThat(standingBack(
                        candidate("oldest", 0, "10.1.0.0/16"),
                        candidate("middle", 1, "10.0.0.0/8"),
                        candidate("newest", 2, "10.2.0.0/16")))
                .isEqualTo(Map.of("middle", "oldest"));
    }

    @Test
    void seesAnOverlapInEitherFamily() {
        assertThat(standingBack(
                        candidate("a", 0, "10.1.0.0/16\nipv6Network: fd00::/32"),
                        candidate("b", 1, "10.2.0.0/16\nipv6Network: fd00:0:1::/48")))
                .isEqualTo(Map.of("b", "a"));
    }

    private static Map<String, String> standingBack(Candidate... candidates) {
        Map<String, String> result = NetworkOverlap.standingBack(List.of(candidates));
        assertThat(NetworkOverlap.standingBack(List.of(candidates).reversed())).isEqualTo(result);
        return result;
    }

    private static Candidate candidate(String name, int age, String network) {
        var spec = Specs.yaml("network: " + network + "\nbackend: {type: extension, subnetAddCommand: add}");
        if (NetworkDecoder.decode(name, spec) instanceof Decoded.Valid(Network decoded)) {
            return new Candidate(decoded, T0.plusSeconds(age));
        }
        throw new AssertionError(spec);
    }
}

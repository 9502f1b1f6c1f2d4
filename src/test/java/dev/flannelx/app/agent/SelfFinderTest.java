package dev.flannelx.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.ip.Address;
import dev.flannelx.kube.SeenNode;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.reconcile.NodeHealth;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelfFinderTest {
    private static final SeenNode NODE = new SeenNode("node1", "uid", Map.of(), null, NodeHealth.READY, false);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PublicAddress BOTH = address("192.0.2.1", "2001:db8::1");

    private PublicAddress found = BOTH;
    private int looks;
    private final SelfFinder finder = new SelfFinder(this::look, new Random(1), START);

    private PublicAddress look() throws IOException {
        looks++;
        if (found.isEmpty()) {
            throw new IOException("no address of this node");
        }
        return found;
    }

    @Test
    void theNodeIsWhoItsNodeSaysAtTheAddressThatIsFound() {
        assertThat(finder.find(NODE, START)).contains(new Self("node1", "uid", BOTH, null));
        assertThat(finder.address()).isEqualTo(BOTH);
    }

    @Test
    void aNodeWithoutAnAddressIsNobodyYetAndAskedAgainSoon() {
        found = PublicAddress.NONE;
        assertThat(finder.find(NODE, START)).isEmpty();
        assertThat(finder.problem()).isEqualTo("no address of this node");

        found = BOTH;
        assertThat(finder.find(NODE, START.plusSeconds(5)).map(Self::publicAddress))
                .contains(BOTH);
        assertThat(finder.problem()).isEmpty();
    }

    @Test
    void anAddressThatIsNotFoundAnyMoreStays() {
        finder.find(NODE, START);
        found = address("192.0.2.1", null);
        assertThat(anHourLater().map(Self::publicAddress)).contains(BOTH);
        found = PublicAddress.NONE;
        assertThat(anHourLater().map(Self::publicAddress)).contains(BOTH);
    }

    @Test
    void anAddressThatChangesIsTakenOver() {
        finder.find(NODE, START);
        found = address("192.0.2.9", null);

        assertThat(anHourLater().map(Self::publicAddress)).contains(address("192.0.2.9", "2001:db8::1"));
    }

    @Test
    void theMachineIsAskedOnceAMinute() {
        for (int second = 0; second < 600; second++) {
            finder.find(NODE, START.plusSeconds(second));
        }

        assertThat(looks).isBetween(9, 11);
    }

    private Optional<Self> anHourLater() {
        return finder.find(NODE, START.plus(Duration.ofHours(looks)));
    }

    private static PublicAddress address(String ipv4, @Nullable String ipv6) {
        return new PublicAddress(
                Address.parse(ipv4).orElseThrow(),
                ipv6 == null ? null : Address.parse(ipv6).orElseThrow());
    }
}

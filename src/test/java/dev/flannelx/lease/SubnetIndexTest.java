package dev.flannelx.lease;

import static dev.flannelx.lease.Leases.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetIndexTest {
    @Test
    void findsWhatContainsAndWhatIsContained() {
        SubnetIndex index = index("10.0.0.0/8", "10.50.7.0/24", "10.50.7.128/25", "10.50.8.0/24", "fd00::/8");
        assertThat(index.overlapping(subnet("10.50.7.0/24")))
                .containsExactlyInAnyOrder(subnet("10.0.0.0/8"), subnet("10.50.7.0/24"), subnet("10.50.7.128/25"));
        assertThat(index.overlapping(subnet("fd00:50::/64"))).containsExactly(subnet("fd00::/8"));
        assertThat(index.overlapping(subnet("11.0.0.0/8"))).isEmpty();
    }

    @Test
    void findsASubnetByEitherFamily() {
        SubnetIndex index = index("10.50.7.0/24,fd00:50:0:7::/64");
        assertThat(index.overlapping(subnet("10.50.0.0/16"))).hasSize(1);
        assertThat(index.overlapping(subnet("fd00:50:0:7::/64"))).hasSize(1);
        assertThat(index.overlapping(subnet("10.50.8.0/24,fd00:50:0:7::/80"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "fd00:50:0:7::/64, fd00:50::/32",
        "fd00:50:0:7::/64, fd00:50::/33",
        "fd00:50:0:7::/64, ::/0",
        "10.50.7.9/32, 0.0.0.0/0",
        "10.50.7.9/32, 0.0.0.0/1",
        "0.0.0.0/0, 10.50.7.9/32",
        "::/0, fd00:50:0:7::/128",
    })
    void findsASubnetAcrossAnyDistance(String held, String asked) {
        assertThat(index(held).overlapping(subnet(asked))).containsExactly(subnet(held));
    }

    @Test
    void keepsASubnetThatSharesAFamilyWithOneThatIsRemoved() {
        SubnetIndex index = index("10.50.7.0/24,fd00:50:0:7::/64");
        index.remove(subnet("10.50.7.0/24"));
        assertThat(index.overlapping(subnet("10.50.7.0/24"))).hasSize(1);
    }

    @Test
    void forgetsWhatIsRemoved() {
        SubnetIndex index = index("10.50.7.0/24", "10.50.0.0/16");
        index.add(subnet("10.50.7.0/24"));
        index.remove(subnet("10.50.7.0/24"));
        index.remove(subnet("10.99.0.0/24"));
        assertThat(index.overlapping(subnet("10.50.7.0/24"))).containsExactly(subnet("10.50.0.0/16"));
    }

    @Test
    void agreesWithALookAtEverySubnet() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var index = new SubnetIndex();
        var all = new HashSet<Subnet>();
        for (int step = 0; step < 3_000; step++) {
            Subnet subnet = randomSubnet(random);
            if (random.nextInt(3) > 0) {
                index.add(subnet);
                all.add(subnet);
            } else {
                Subnet gone = all.stream().findAny().orElse(subnet);
                index.remove(gone);
                all.remove(gone);
            }
            Subnet asked = randomSubnet(random);
            assertThat(index.overlapping(asked))
                    .as("seed %d step %d: %s", seed, step, asked)
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().filter(asked::overlaps).toList());
        }
    }

    private static Subnet randomSubnet(Random random) {
        int length = 8 + random.nextInt(25);
        int address = (10 << 24 | random.nextInt(1 << 12) << 12) & (length == 0 ? 0 : -1 << (32 - length));
        String ipv4 = "%d.%d.%d.%d/%d"
                .formatted(address >>> 24, address >> 16 & 255, address >> 8 & 255, address & 255, length);
        int ipv6Length = 100 + random.nextInt(29);
        int low = random.nextInt(1 << 16) & (-1 << (128 - ipv6Length));
        String ipv6 = "fd00::%x:0/%d".formatted(low & 0xffff, Math.min(112, ipv6Length));
        return subnet(List.of(ipv4, ipv6, ipv4 + "," + ipv6).get(random.nextInt(3)));
    }

    private static SubnetIndex index(String... subnets) {
        var index = new SubnetIndex();
        for (String subnet : subnets) {
            index.add(subnet(subnet));
        }
        return index;
    }
}

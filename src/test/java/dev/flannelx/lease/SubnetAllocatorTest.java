package dev.flannelx.lease;

import static dev.flannelx.lease.Leases.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flannelx.network.Network;
import dev.flannelx.network.Specs;
import dev.flannelx.network.SubnetPool;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SubnetAllocatorTest {
    private static final Network DEMO = Specs.network("network: 10.50.0.0/16");

    @Test
    void givesANodeTheSameSubnetAgain() {
        Subnet first = free(DEMO, "node-a", Set.of());
        assertThat(free(DEMO, "node-a", Set.of())).isEqualTo(first);
        assertThat(free(DEMO, "node-a", Set.of(free(DEMO, "node-b", Set.of())))).isEqualTo(first);
    }

    /** What a release starts nodes at may not change: each would lose the subnet that it comes back to. */
    @Test
    void startsWhereEveryReleaseDoes() {
        assertThat(free(DEMO, "node-a", Set.of())).hasToString("10.50.36.0/24");
        assertThat(free(DEMO, "node-b", Set.of())).hasToString("10.50.22.0/24");
    }

    @Test
    void goesOnToTheNextWhereItsOwnIsTaken() {
        Subnet own = free(DEMO, "node-a", Set.of());
        Subnet next = free(DEMO, "node-a", Set.of(own));
        assertThat(next).isNotEqualTo(own);
        assertThat(number(DEMO, next)).isEqualTo(number(DEMO, own) % 255 + 1);
    }

    @Test
    void handsOutTheWholeRangeBeforeItSaysExhausted() {
        var taken = new HashSet<Subnet>();
        for (int i = 0; i < 255; i++) {
            Subnet subnet = free(DEMO, "node-a", taken);
            assertThat(taken.add(subnet)).isTrue();
            assertThat(number(DEMO, subnet)).isBetween(1L, 255L);
        }
        assertThat(SubnetAllocator.allocate(DEMO, "node-a", taken))
                .isEqualTo(new Allocation.Exhausted("all 255 subnets of network demo are taken"));
    }

    @Test
    void handsOutTheLastFreeSubnetToAnybody() {
        Subnet last = subnet("10.50.77.0/24");
        var taken = new HashSet<Subnet>();
        for (int number = 1; number <= 255; number++) {
            taken.add(subnet("10.50." + number + ".0/24"));
        }
        taken.remove(last);
        for (int i = 0; i < 100; i++) {
            assertThat(free(DEMO, "node-" + i, taken)).isEqualTo(last);
        }
    }

    /** All that it hands out until there are no more. */
    private static Set<Subnet> all(Network network) {
        var taken = new HashSet<Subnet>();
        while (SubnetAllocator.allocate(network, "node", taken) instanceof Allocation.Free(Subnet subnet)) {
            taken.add(subnet);
        }
        return taken;
    }

    @Test
    void staysWithinMinimumAndMaximum() {
        Network network = Specs.network("network: 10.50.0.0/16\nsubnetMin: 10.50.8.0\nsubnetMax: 10.50.11.0");
        assertThat(all(network))
                .containsExactlyInAnyOrder(
                        subnet("10.50.8.0/24"),
                        subnet("10.50.9.0/24"),
                        subnet("10.50.10.0/24"),
                        subnet("10.50.11.0/24"));
    }

    @Test
    void givesBothFamiliesOneNumber() {
        Network network = Specs.network("""
                network: 10.50.0.0/16
                subnetMin: 10.50.2.0
                ipv6Network: fd00:50::/48
                ipv6SubnetMax: 'fd00:50:0:5::'
                """);
        assertThat(all(network))
                .containsExactlyInAnyOrder(
                        subnet("10.50.2.0/24,fd00:50:0:2::/64"),
                        subnet("10.50.3.0/24,fd00:50:0:3::/64"),
                        subnet("10.50.4.0/24,fd00:50:0:4::/64"),
                        subnet("10.50.5.0/24,fd00:50:0:5::/64"));
    }

    @Test
    void avoidsWhatIsTakenInEitherFamily() {
        Network network = Specs.network("""
                network: 10.50.0.0/28
                ipv6Network: fd00:50::/124
                """);
        Set<Subnet> taken = Set.of(subnet("10.50.0.4/30"), subnet("fd00:50::8/126"));
        assertThat(free(network, "node", taken)).isEqualTo(subnet("10.50.0.12/30,fd00:50::c/126"));
    }

    @Test
    void avoidsWhatOverlapsThoughItIsNotOnTheGrid() {
        Network network = Specs.network("network: 10.50.0.0/22");
        Set<Subnet> taken = Set.of(subnet("10.50.2.0/23"), subnet("10.50.0.0/32"));
        for (int i = 0; i < 20; i++) {
            assertThat(free(network, "node-" + i, taken)).isEqualTo(subnet("10.50.1.0/24"));
        }
    }

    @Test
    @Timeout(10)
    void isNotSlowedDownByOneThatTakesEverything() {
        Network network = Specs.network("ipv6Network: fd00::/8\nipv6SubnetLen: 126");
        assertThat(SubnetAllocator.allocate(network, "node", Set.of(subnet("::/0"))))
                .isInstanceOf(Allocation.Exhausted.class);
        assertThat(SubnetAllocator.allocate(network, "node", Set.of(subnet("fd00::/9"))))
                .isInstanceOf(Allocation.Free.class);
    }

    @Test
    void agreesWithALookAtEverySubnet() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        Network network =
                Specs.network("network: 10.50.0.0/24\nsubnetLen: 29\nipv6Network: fd00::/120\nipv6SubnetLen: 125");
        for (int round = 0; round < 500; round++) {
            var taken = new HashSet<Subnet>();
            for (int i = random.nextInt(20); i > 0; i--) {
                taken.add(random.nextBoolean() ? randomIpv4(random) : randomIpv6(random));
            }
            List<Subnet> free = new ArrayList<>();
            for (int number = 1; number < 32; number++) {
                Subnet candidate = at(network, number);
                if (taken.stream().noneMatch(candidate::overlaps)) {
                    free.add(candidate);
                }
            }
            Allocation allocation = SubnetAllocator.allocate(network, "node-" + round, taken);
            assertThat(allocation instanceof Allocation.Free(Subnet subnet) ? free.contains(subnet) : free.isEmpty())
                    .as("seed %d round %d: %s of %s", seed, round, allocation, free)
                    .isTrue();
        }
    }

    /** Nobody knows of the others at first; whoever finds a subnet taken has learned that, and tries on. */
    @Test
    void letsAThousandNodesJoinAtOnceWithFewTries() {
        Network network = Specs.network("network: 10.0.0.0/12");
        assertThat(Specs.ipv4(network).capacity()).isEqualTo(BigInteger.valueOf(4_095));
        int rounds = 20;
        int tries = 0;
        for (int round = 0; round < rounds; round++) {
            var store = new HashMap<Subnet, String>();
            for (int i = 0; i < 1_000; i++) {
                String node = "node-%d.cluster-%d.example".formatted(i, round);
                tries += join(network, node, store);
            }
            assertThat(store).hasSize(1_000);
            assertThat(Set.copyOf(store.values())).hasSize(1_000);
        }
        assertThat(tries / (rounds * 1_000.0)).isLessThan(1.2);
    }

    /** Claims by compare-and-swap; returns the tries. */
    private static int join(Network network, String node, Map<Subnet, String> store) {
        var seen = new HashSet<Subnet>();
        while (true) {
            Subnet subnet = free(network, node, seen);
            if (store.putIfAbsent(subnet, node) == null) {
                return seen.size() + 1;
            }
            seen.add(subnet);
        }
    }

    private static Subnet free(Network network, String node, Set<Subnet> taken) {
        return switch (SubnetAllocator.allocate(network, node, taken)) {
            case Allocation.Free(Subnet subnet) -> subnet;
            case Allocation.Exhausted(String message) -> throw new AssertionError(message);
        };
    }

    private static Subnet at(Network network, int number) {
        BigInteger n = BigInteger.valueOf(number);
        return new Subnet(Specs.ipv4(network).subnet(n), Specs.ipv6(network).subnet(n));
    }

    private static long number(Network network, Subnet subnet) {
        SubnetPool pool = Specs.ipv4(network);
        return pool.numberOf(subnet.canonical()).orElseThrow().longValueExact();
    }

    private static Subnet randomIpv4(Random random) {
        int length = 25 + random.nextInt(8);
        return subnet("10.50.0." + (random.nextInt(256) & -(1 << (32 - length))) + "/" + length);
    }

    private static Subnet randomIpv6(Random random) {
        int length = 121 + random.nextInt(8);
        return subnet("fd00::%x/%d".formatted(random.nextInt(256) & -(1 << (128 - length)), length));
    }
}

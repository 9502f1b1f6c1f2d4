package dev.flannelx.lease;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetPool;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a free subnet for a node. The search starts at a hash of the node's name and goes on to the next one, round
 * the whole range: nodes that join at once start far apart, and one that comes back finds its own subnet again.
 */
public final class SubnetAllocator {
    private SubnetAllocator() {}

    /** The range of subnet numbers that every family of a network allows; empty if there is none. */
    public static Optional<Range> range(Network network) {
        return Stream.of(network.ipv4(), network.ipv6())
                .<SubnetPool>mapMulti((pool, sink) -> {
                    if (pool != null) {
                        sink.accept(pool);
                    }
                })
                .map(pool -> new Range(pool.first(), pool.last()))
                .reduce(Range::and)
                .filter(range -> range.size().signum() > 0);
    }

    /** A subnet's number, which is the same in each family. */
    private static Optional<BigInteger> number(Network network, Subnet subnet) {
        return subnet.ipv4() != null && network.ipv4() != null
                ? network.ipv4().numberOf(subnet.ipv4())
                : Optional.ofNullable(network.ipv6()).flatMap(pool -> pool.numberOf(subnet.canonical()));
    }

    /**
     * A subnet that overlaps nothing that is taken.
     *
     * @param taken every subnet that is known to be held; what is not on the network's grid takes what it overlaps
     */
    public static Allocation allocate(Network network, String node, Collection<Subnet> taken) {
        Optional<Range> range = range(network);
        if (range.isEmpty()) {
            return new Allocation.Exhausted("network " + network.name() + " has no subnet to hand out");
        }
        var index = new SubnetIndex();
        taken.forEach(index::add);
        BigInteger start = range.get().first().add(hash(node).mod(range.get().size()));
        return free(network, new Range(start, range.get().last()), index)
                .or(() -> free(network, new Range(range.get().first(), start.subtract(BigInteger.ONE)), index))
                .<Allocation>map(Allocation.Free::new)
                .orElseGet(() -> new Allocation.Exhausted("all %d subnets of network %s are taken"
                        .formatted(range.get().size(), network.name())));
    }

    /** The first free one. Each look passes over all that the taken subnet covers, so that there is one look for each. */
    private static Optional<Subnet> free(Network network, Range range, SubnetIndex taken) {
        BigInteger number = range.first();
        while (number.compareTo(range.last()) <= 0) {
            var candidate = new Subnet(subnet(network.ipv4(), number), subnet(network.ipv6(), number));
            Set<Subnet> overlapping = taken.overlapping(candidate);
            if (overlapping.isEmpty()) {
                return Optional.of(candidate);
            }
            number = overlapping.stream()
                    .map(wider -> lastCovered(network, candidate, wider))
                    .reduce(number, BigInteger::max)
                    .add(BigInteger.ONE);
        }
        return Optional.empty();
    }

    /** The number of the last subnet that one which overlaps the candidate covers without a gap. */
    private static BigInteger lastCovered(Network network, Subnet candidate, Subnet taken) {
        return lastCovered(network.ipv4(), candidate.ipv4(), taken.ipv4())
                .max(lastCovered(network.ipv6(), candidate.ipv6(), taken.ipv6()));
    }

    private static BigInteger lastCovered(@Nullable SubnetPool pool, @Nullable Cidr candidate, @Nullable Cidr taken) {
        if (pool == null || candidate == null || taken == null || !taken.contains(candidate)) {
            return BigInteger.ZERO;
        }
        Address last = taken.contains(pool.network()) ? pool.network().lastAddress() : taken.lastAddress();
        return pool.numberOf(new Cidr(last, pool.subnetLength()).masked()).orElseThrow();
    }

    private static @Nullable Cidr subnet(@Nullable SubnetPool pool, BigInteger number) {
        return pool == null ? null : pool.subnet(number);
    }

    private static BigInteger hash(String node) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(node.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Subnet numbers from {@code first} to {@code last}, both included. */
    public record Range(BigInteger first, BigInteger last) {
        /** How many there are; zero or less for none. */
        public BigInteger size() {
            return last.subtract(first).add(BigInteger.ONE);
        }

        /** Whether a subnet of the network's grid is one of these; a reservation, say, may lie beside them. */
        public boolean holds(Network network, Subnet subnet) {
            return number(network, subnet)
                    .filter(number -> number.compareTo(first) >= 0 && number.compareTo(last) <= 0)
                    .isPresent();
        }

        Range and(Range other) {
            return new Range(first.max(other.first), last.min(other.last));
        }
    }
}

package dev.flannelx.lease;

import dev.flannelx.ip.Cidr;
import dev.flannelx.network.Network;
import dev.flannelx.network.SubnetPool;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Optional;
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

    /**
     * A subnet that overlaps nothing that is taken.
     *
     * @param taken every subnet of the network that is known to be held, on its grid or not
     */
    public static Allocation allocate(Network network, String node, Collection<Subnet> taken) {
        Optional<Range> range = range(network);
        if (range.isEmpty()) {
            return new Allocation.Exhausted("network " + network.name() + " has no subnet to hand out");
        }
        var index = new SubnetIndex();
        taken.forEach(index::add);
        BigInteger size = range.get().size();
        BigInteger start = hash(node).mod(size);
        for (BigInteger step = BigInteger.ZERO; step.compareTo(size) < 0; step = step.add(BigInteger.ONE)) {
            BigInteger number = range.get().first().add(start.add(step).mod(size));
            Subnet candidate = new Subnet(subnet(network.ipv4(), number), subnet(network.ipv6(), number));
            if (index.overlapping(candidate).isEmpty()) {
                return new Allocation.Free(candidate);
            }
        }
        return new Allocation.Exhausted("all %d subnets of network %s are taken".formatted(size, network.name()));
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

        Range and(Range other) {
            return new Range(first.max(other.first), last.min(other.last));
        }
    }
}

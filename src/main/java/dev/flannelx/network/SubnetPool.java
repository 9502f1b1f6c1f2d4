package dev.flannelx.network;

import dev.flannelx.ip.Cidr;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The grid of equal subnets that one address family of a network is divided into, and the part of it to allocate from.
 * Where subnets are not allocated ({@link SubnetSource#NODE_POD_CIDR}), the one subnet is the network itself.
 *
 * @param network aligned
 * @param subnetLength the prefix length of every subnet
 * @param first number of the first subnet to hand out; subnet 0 begins at the network's base
 * @param last number of the last subnet to hand out, included
 */
public record SubnetPool(Cidr network, int subnetLength, BigInteger first, BigInteger last) {
    public SubnetPool {
        if (!network.isAligned()) {
            throw new IllegalArgumentException("network " + network + " has host bits");
        }
        if (subnetLength < network.prefixLength()
                || subnetLength > network.family().bits()) {
            throw new IllegalArgumentException("subnet length " + subnetLength + " does not fit " + network);
        }
        if (first.signum() < 0 || last.bitLength() > subnetLength - network.prefixLength()) {
            throw new IllegalArgumentException("subnets " + first + " to " + last + " leave " + network);
        }
    }

    /** The subnet of that number, counted from the network's base. */
    public Cidr subnet(BigInteger number) {
        return network.part(number, subnetLength);
    }

    /** The number of a subnet on this grid, whether to be handed out or not; empty for one that is not on it. */
    public Optional<BigInteger> numberOf(Cidr subnet) {
        boolean onGrid = subnet.family() == network.family()
                && subnet.prefixLength() == subnetLength
                && network.contains(subnet)
                && subnet.isAligned();
        return onGrid
                ? Optional.of(subnet.address()
                        .value()
                        .subtract(network.address().value())
                        .shiftRight(hostBits()))
                : Optional.empty();
    }

    /** How many subnets there are to hand out; zero or less where the range is empty. */
    public BigInteger capacity() {
        return last.subtract(first).add(BigInteger.ONE);
    }

    private int hostBits() {
        return network.family().bits() - subnetLength;
    }
}

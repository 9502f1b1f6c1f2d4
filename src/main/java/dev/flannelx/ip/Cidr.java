package dev.flannelx.ip;

import java.math.BigInteger;
import java.util.Optional;

/**
 * An address with a prefix length, as in {@code 10.50.7.0/24}. Host bits may be set; {@link #masked()} clears them.
 *
 * @param prefixLength 0 to {@link Family#bits()}
 */
public record Cidr(Address address, int prefixLength) implements Comparable<Cidr> {
    public Cidr {
        if (prefixLength < 0 || prefixLength > address.family().bits()) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " does not fit " + address);
        }
    }

    /** Reads {@code address/length} strictly: a decimal length without sign or leading zero; empty for anything else. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        int length = Integer.parseInt(text.substring(slash + 1));
        return Address.parse(text.substring(0, slash))
                .filter(address -> length <= address.family().bits())
                .map(address -> new Cidr(address, length));
    }

    public Family family() {
        return address.family();
    }

    /** How many addresses it holds. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(hostBits());
    }

    public boolean isAligned() {
        return address.value().signum() == 0 || address.value().getLowestSetBit() >= hostBits();
    }

    /** The same range with its host bits cleared. */
    public Cidr masked() {
        return isAligned()
                ? this
                : new Cidr(
                        new Address(
                                family(), address.value().shiftRight(hostBits()).shiftLeft(hostBits())),
                        prefixLength);
    }

    /**
     * One of the parts that this range divides into.
     *
     * @param number from 0, counted from this one's address, which has no host bits
     * @param length the part's prefix length, at least this one's
     */
    public Cidr part(BigInteger number, int length) {
        return new Cidr(address.plus(number.shiftLeft(family().bits() - length)), length);
    }

    public Address lastAddress() {
        return masked().address().plus(size().subtract(BigInteger.ONE));
    }

    public boolean contains(Address other) {
        return other.family() == family() && network(other).equals(network(address));
    }

    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.address);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** The bits of an address that make the network, as a number. */
    private BigInteger network(Address of) {
        return of.value().shiftRight(hostBits());
    }

    private int hostBits() {
        return family().bits() - prefixLength;
    }

    @Override
    public int compareTo(Cidr other) {
        int byAddress = address.compareTo(other.address);
        return byAddress == 0 ? Integer.compare(prefixLength, other.prefixLength) : byAddress;
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}

package dev.flannelx.ip;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One IPv4 or IPv6 address.
 *
 * @param value the address as an unsigned number of {@link Family#bits()} bits
 */
public record Address(Family family, BigInteger value) implements Comparable<Address> {
    /** Dotted quads and RFC 4291 text only: no octal, hexadecimal or partial IPv4, no zone, wildcard, range or mask. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowPrefix(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowWildcardedSeparator(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
            .getParentBuilder()
            .toParams();

    /** IPAddress would pass over white space around an address, a newline included. */
    private static final Pattern CHARACTERS = Pattern.compile("[0-9a-fA-F:.]+");

    public Address {
        if (value.signum() < 0 || value.bitLength() > family.bits()) {
            throw new IllegalArgumentException("address " + value + " does not fit " + family);
        }
    }

    /** Reads strict text; empty for anything else. An IPv4-mapped IPv6 address stays IPv6. */
    public static Optional<Address> parse(String text) {
        if (!CHARACTERS.matcher(text).matches()) {
            return Optional.empty();
        }
        var parsed = new IPAddressString(text, STRICT);
        if (!parsed.isValid()
                || parsed.getAddress() == null
                || parsed.getAddress().isMultiple()) {
            return Optional.empty();
        }
        IPAddress address = parsed.getAddress();
        return Optional.of(
                new Address(address.isIPv4() ? Family.IPV4 : Family.IPV6, new BigInteger(1, address.getBytes())));
    }

    /**
     * The address that lies {@code offset} after this one.
     *
     * @throws IllegalArgumentException if it leaves the family's range
     */
    public Address plus(BigInteger offset) {
        return new Address(family, value.add(offset));
    }

    @Override
    public int compareTo(Address other) {
        int byFamily = family.compareTo(other.family);
        return byFamily == 0 ? value.compareTo(other.value) : byFamily;
    }

    /** Canonical text, for IPv6 that of RFC 5952. */
    @Override
    public String toString() {
        return switch (family) {
            case IPV4 -> dottedQuad(value.intValue());
            case IPV6 -> new IPAddressGenerator().from(bytes()).toCanonicalString();
        };
    }

    private static String dottedQuad(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[family.bits() / Byte.SIZE];
        byte[] magnitude = value.toByteArray();
        int length = Math.min(magnitude.length, bytes.length);
        System.arraycopy(magnitude, magnitude.length - length, bytes, bytes.length - length, length);
        return bytes;
    }
}

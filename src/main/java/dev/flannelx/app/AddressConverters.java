package dev.flannelx.app;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses on the command line. */
final class AddressConverters {
    private AddressConverters() {}

    static final class Ipv4 implements ITypeConverter<Address> {
        @Override
        public Address convert(String text) {
            return address(text, Family.IPV4);
        }
    }

    static final class Ipv6 implements ITypeConverter<Address> {
        @Override
        public Address convert(String text) {
            return address(text, Family.IPV6);
        }
    }

    private static Address address(String text, Family family) {
        return Address.parse(text)
                .filter(address -> address.family() == family)
                .orElseThrow(() -> new TypeConversionException("%s is no address: want one such as %s"
                        .formatted(text, family == Family.IPV4 ? "192.0.2.1" : "2001:db8::1")));
    }
}

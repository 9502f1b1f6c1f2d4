package dev.flannelx.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A network interface and its addresses, in the kernel's order. */
record Link(String name, int mtu, List<Bound> addresses) {
    Link {
        addresses = List.copyOf(addresses);
    }

    /**
     * An address of an interface.
     *
     * @param subnet the address with its prefix length
     * @param usable whether it is global and there to stay: no second one of its subnet, not temporary, not going, not
     *     still being tried
     */
    record Bound(Cidr subnet, boolean usable) {
        Address address() {
            return subnet.address();
        }
    }

    boolean hasAny(Set<Address> wanted) {
        return addresses.stream().map(Bound::address).anyMatch(wanted::contains);
    }

    /** Reads what {@code ip -json address} shows. */
    static Link of(JsonNode link) {
        var addresses = new ArrayList<Bound>();
        for (JsonNode address : link.path("addr_info")) {
            boolean unusable = Stream.of("secondary", "temporary", "deprecated", "tentative", "dadfailed")
                    .anyMatch(flag -> address.path(flag).asBoolean());
            boolean global = address.path("scope").asText().equals("global");
            Cidr.parse(address.path("local").asText() + "/"
                            + address.path("prefixlen").asText())
                    .ifPresent(subnet -> addresses.add(new Bound(subnet, global && !unusable)));
        }
        return new Link(link.path("ifname").asText(), link.path("mtu").asInt(), addresses);
    }
}

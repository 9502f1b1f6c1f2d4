package dev.flannelx.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flannelx.host.Link.Bound;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.PublicAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * This machine's address and MTU as iproute2 tells them ({@code ip -json}), which knows what the kernel's files in
 * {@code /proc/net} leave out: a route's preferred source, its next hops, which address is the first of several.
 */
public final class InterfaceFinder {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Not there where the kernel was started without IPv6, and {@code ip -6} then fails. */
    private static final Path IPV6 = Path.of("/proc/net/if_inet6");

    private final List<String> enter;

    /**
     * A finder in a network namespace.
     *
     * @param enter the words that make a program run there; none for this process's own
     */
    public InterfaceFinder(List<String> enter) {
        this.enter = List.copyOf(enter);
    }

    /**
     * Where other nodes reach this one: for each family the address that was chosen or else that of the default route's
     * interface, if there is one.
     *
     * @param chosen by a person
     * @throws IOException if nothing was chosen and nothing is found, or the machine cannot be asked
     */
    public PublicAddress publicAddress(PublicAddress chosen) throws IOException {
        Map<Family, DefaultRoute> routes = chosen.ipv4() == null || chosen.ipv6() == null ? defaultRoutes() : Map.of();
        var address = new PublicAddress(
                chosen.ipv4() == null ? source(routes.get(Family.IPV4)) : chosen.ipv4(),
                chosen.ipv6() == null ? source(routes.get(Family.IPV6)) : chosen.ipv6());
        if (address.isEmpty()) {
            throw new IOException("no address of this node: %s: want one, or --public-ip or --public-ipv6"
                    .formatted(
                            routes.isEmpty()
                                    ? "there is no default route"
                                    : "interface "
                                            + routes.values().iterator().next().device()
                                            + " of the default route has no global address"));
        }
        return address;
    }

    /**
     * The MTU of the interface that has an address, or of the default route's interface where none has it (as behind
     * address translation). Of several interfaces, the smallest.
     *
     * @throws IOException if there is no such interface, or the machine cannot be asked
     */
    public int mtu(PublicAddress address) throws IOException {
        List<Link> links = links();
        Set<Address> wanted = Stream.of(address.ipv4(), address.ipv6())
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<Link> found = links.stream().filter(link -> link.hasAny(wanted)).toList();
        if (found.isEmpty()) {
            Collection<DefaultRoute> routes = defaultRoutes().values();
            found = links.stream()
                    .filter(link ->
                            routes.stream().anyMatch(route -> route.device().equals(link.name())))
                    .toList();
        }
        return found.stream()
                .mapToInt(Link::mtu)
                .min()
                .orElseThrow(() -> new IOException(
                        "no MTU for the network: no interface has %s, and there is no default route: want backend.mtu"
                                .formatted(
                                        wanted.stream().map(Address::toString).collect(Collectors.joining(" or ")))));
    }

    /** The best default route of each family that has one. */
    private Map<Family, DefaultRoute> defaultRoutes() throws IOException {
        var routes = new EnumMap<Family, DefaultRoute>(Family.class);
        best(Family.IPV4, ask("-4", "route", "show", "default")).ifPresent(route -> routes.put(Family.IPV4, route));
        if (Files.exists(IPV6)) {
            best(Family.IPV6, ask("-6", "route", "show", "default")).ifPresent(route -> routes.put(Family.IPV6, route));
        }
        return routes;
    }

    private static Optional<DefaultRoute> best(Family family, JsonNode routes) {
        return StreamSupport.stream(routes.spliterator(), false)
                .flatMap(route -> DefaultRoute.of(family, route).stream())
                .min(Comparator.comparingLong(DefaultRoute::metric));
    }

    /** The address that traffic by the route has: the one it names, or else one of its interface. */
    private @Nullable Address source(@Nullable DefaultRoute route) throws IOException {
        if (route == null || route.source() != null) {
            return route == null ? null : route.source();
        }
        List<Bound> usable = links().stream()
                .filter(link -> link.name().equals(route.device()))
                .flatMap(link -> link.addresses().stream())
                .filter(bound -> bound.usable() && bound.address().family() == route.family())
                .toList();
        return usable.stream()
                .filter(bound -> route.gateway() != null && bound.subnet().contains(route.gateway()))
                .findFirst()
                .or(() -> first(usable, route.family()))
                .map(Bound::address)
                .orElse(null);
    }

    /** IPv4 addresses are in the order in which they were set; IPv6 ones are not, and the lowest stays the same. */
    private static Optional<Bound> first(List<Bound> addresses, Family family) {
        return switch (family) {
            case IPV4 -> addresses.stream().findFirst();
            case IPV6 -> addresses.stream().min(Comparator.comparing(Bound::address));
        };
    }

    private List<Link> links() throws IOException {
        var links = new ArrayList<Link>();
        ask("address", "show").forEach(link -> links.add(Link.of(link)));
        return links;
    }

    private JsonNode ask(String... words) throws IOException {
        var argv = new ArrayList<>(enter);
        argv.addAll(List.of("ip", "-json"));
        argv.addAll(Arrays.asList(words));
        return JSON.readTree(Program.run(argv, ""));
    }
}

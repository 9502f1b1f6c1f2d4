package dev.flannelx.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A default route, of several next hops the first.
 *
 * @param gateway null where the interface is a way of its own
 * @param source the address that it gives to traffic of this machine, or null
 * @param metric the lower, the better
 */
record DefaultRoute(
        Family family,
        String device,
        @Nullable Address gateway,
        @Nullable Address source,
        long metric) {

    /** Reads what {@code ip -json route} shows; empty for a route that leads nowhere. */
    static Optional<DefaultRoute> of(Family family, JsonNode route) {
        JsonNode hop = route.path("nexthops").path(0);
        String device = route.path("dev").asText(hop.path("dev").asText());
        boolean unicast = route.path("type").asText("unicast").equals("unicast");
        if (!unicast || device.isEmpty()) {
            return Optional.empty();
        }
        String gateway = route.path("gateway").asText(hop.path("gateway").asText());
        return Optional.of(new DefaultRoute(
                family,
                device,
                Address.parse(gateway).orElse(null),
                Address.parse(route.path("prefsrc").asText()).orElse(null),
                route.path("metric").asLong(0)));
    }
}

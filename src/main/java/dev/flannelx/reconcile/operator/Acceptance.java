package dev.flannelx.reconcile.operator;

import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.DirectiveRules;
import dev.flannelx.reconcile.SeenNetwork;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a network is one that nodes can join. */
sealed interface Acceptance {
    record Valid(Network network) implements Acceptance {}

    record Invalid(List<String> problems) implements Acceptance {}

    /** It must stand back behind the older one of that name. */
    record Overlapping(Network network, String older) implements Acceptance {}

    /** Of all networks of a cluster, by their names. */
    static Map<String, Acceptance> of(Collection<SeenNetwork> networks) {
        Map<String, String> standingBack = DirectiveRules.standingBack(networks);
        var acceptances = new HashMap<String, Acceptance>();
        for (SeenNetwork seen : networks) {
            String older = standingBack.get(seen.name());
            acceptances.put(
                    seen.name(),
                    switch (seen.decoded()) {
                        case Decoded.Invalid(List<String> problems) -> new Invalid(problems);
                        case Decoded.Valid(Network network) ->
                            older == null ? new Valid(network) : new Overlapping(network, older);
                    });
        }
        return acceptances;
    }
}

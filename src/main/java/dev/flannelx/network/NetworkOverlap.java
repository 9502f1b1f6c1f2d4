package dev.flannelx.network;

import dev.flannelx.ip.Cidr;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which of several networks must stand back. Agents and operator ask the same function, so that they agree. */
public final class NetworkOverlap {
    private NetworkOverlap() {}

    /** A network with its age. */
    public record Candidate(Network network, Instant created) {}

    private static final Comparator<Candidate> BY_AGE = Comparator.comparing(Candidate::created)
            .thenComparing(candidate -> candidate.network().name());

    /**
     * The networks that overlap an older one that stays (ties: by name).
     *
     * @return by the name of the network that stands back, the name of the one that stays
     */
    public static Map<String, String> standingBack(Collection<Candidate> candidates) {
        List<Network> staying = new ArrayList<>();
        var back = new HashMap<String, String>();
        for (Candidate candidate : candidates.stream().sorted(BY_AGE).toList()) {
            Network network = candidate.network();
            staying.stream()
                    .filter(older -> overlap(older, network))
                    .findFirst()
                    .ifPresentOrElse(older -> back.put(network.name(), older.name()), () -> staying.add(network));
        }
        return back;
    }

    /** Whether two networks have an address in common. */
    public static boolean overlap(Network one, Network other) {
        return ranges(one).anyMatch(range -> ranges(other).anyMatch(range::overlaps));
    }

    private static Stream<Cidr> ranges(Network network) {
        return Stream.concat(network.ipv4Network().stream(), network.ipv6Network().stream());
    }
}

package dev.flannelx.reconcile;

import dev.flannelx.network.Decoded;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkOverlap;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node is to do about each network: what the cluster wants, held against what the node has. A data plane is
 * taken down only where somebody said so (the operator, or a selector that the node no longer matches); that a resource
 * cannot be seen, or makes no sense, is nobody's word.
 */
public final class DirectiveRules {
    /** Reasons of a node that holds still, as its status has them. */
    static final String NETWORK_GONE = "NetworkGone";

    static final String INVALID_NETWORK = "InvalidNetwork";
    static final String OVERLAPS = "Overlaps";
    static final String COMMAND_NOT_ALLOWED = "CommandNotAllowed";

    private final Map<String, String> labels;
    private final Map<String, NodeOrder> orders;
    private final Map<String, AppliedNetwork> applied;
    private final Predicate<String> allowed;

    /**
     * The rules on a node.
     *
     * @param labels the Node's
     * @param orders what the operator has told it, by the name of the network
     * @param applied what its journals hold, by the name of the network
     * @param allowed which command texts may run here
     */
    public DirectiveRules(
            Map<String, String> labels,
            Map<String, NodeOrder> orders,
            Map<String, AppliedNetwork> applied,
            Predicate<String> allowed) {
        this.labels = Map.copyOf(labels);
        this.orders = Map.copyOf(orders);
        this.applied = Map.copyOf(applied);
        this.allowed = allowed;
    }

    /** What to do about each network, by its name; a network that is none of this node's business is not among them. */
    public Map<String, Directive> decide(Collection<SeenNetwork> networks) {
        Map<String, String> standingBack = standingBack(networks);
        var directives = new HashMap<String, Directive>();
        for (SeenNetwork network : networks) {
            decide(network, standingBack.get(network.name()))
                    .ifPresent(directive -> directives.put(network.name(), directive));
        }
        Set<String> gone = new HashSet<>(applied.keySet());
        networks.forEach(network -> gone.remove(network.name()));
        gone.forEach(name -> directives.put(name, withoutResource(name)));
        return directives;
    }

    /**
     * The networks that are none of this node's business: its journals hold nothing of them, and it is not to join them
     * or has been told to take them down. A lease of one is a remnant. Where nobody says so, as of a network whose resource
     * makes no sense or cannot be seen, it is not among them.
     */
    public Set<String> unrelated(Collection<SeenNetwork> networks) {
        var unrelated = new HashSet<String>();
        orders.forEach((name, order) -> {
            if (order.teardown() != null) {
                unrelated.add(name);
            }
        });
        for (SeenNetwork network : networks) {
            if (network.tearingDown() || isNotSelectedBy(network)) {
                unrelated.add(network.name());
            } else {
                unrelated.remove(network.name());
            }
        }
        unrelated.removeAll(applied.keySet());
        return unrelated;
    }

    private boolean isNotSelectedBy(SeenNetwork seen) {
        return seen.decoded() instanceof Decoded.Valid(Network network) && !network.selects(labels);
    }

    /**
     * The network that speaks for the node to what else runs there: the one that a person chose, or else the oldest of
     * those that the node joins or holds as they are. One whose resource is gone stays it: how old it was, nobody knows.
     *
     * @param chosen by a person, or null
     * @param current the one that it has been so far, or null
     * @param directives as decided on those networks
     */
    public Optional<String> primary(
            @Nullable String chosen,
            @Nullable String current,
            Collection<SeenNetwork> networks,
            Map<String, Directive> directives) {
        if (chosen != null) {
            return Optional.of(chosen);
        }
        if (current != null && isGone(directives.get(current))) {
            return Optional.of(current);
        }
        return networks.stream()
                .filter(network -> isUpWith(network.name(), directives.get(network.name())))
                .min(Comparator.comparing(SeenNetwork::created).thenComparing(SeenNetwork::name))
                .map(SeenNetwork::name);
    }

    private static boolean isGone(@Nullable Directive directive) {
        return directive instanceof Directive.Hold(Phase _, String reason, String _) && reason.equals(NETWORK_GONE);
    }

    private boolean isUpWith(String network, @Nullable Directive directive) {
        return switch (directive) {
            case null -> false;
            case Directive.Join _ -> true;
            case Directive.Hold _ -> applied.containsKey(network);
            case Directive.TearDown() -> false;
        };
    }

    /** {@link NetworkOverlap#standingBack} for those of the networks that make sense. */
    public static Map<String, String> standingBack(Collection<SeenNetwork> networks) {
        return NetworkOverlap.standingBack(networks.stream()
                .<NetworkOverlap.Candidate>mapMulti((seen, sink) -> {
                    if (seen.decoded() instanceof Decoded.Valid(Network network)) {
                        sink.accept(new NetworkOverlap.Candidate(network, seen.created()));
                    }
                })
                .toList());
    }

    private Directive withoutResource(String name) {
        return isToldToTearDown(name)
                ? new Directive.TearDown()
                : new Directive.Hold(
                        Phase.PAUSED,
                        NETWORK_GONE,
                        "FlannelNetwork " + name + " is gone, and nobody said to take it down: it stays as it is");
    }

    private boolean isToldToTearDown(String name) {
        AppliedNetwork mine = applied.get(name);
        String teardown = orders.getOrDefault(name, NodeOrder.NONE).teardown();
        return mine != null && mine.uid().equals(teardown);
    }

    private Optional<Directive> decide(SeenNetwork seen, @Nullable String older) {
        AppliedNetwork mine = applied.get(seen.name());
        boolean tearsDown = seen.tearingDown() && mine != null && mine.uid().equals(seen.uid());
        if (tearsDown || isToldToTearDown(seen.name())) {
            return Optional.of(new Directive.TearDown());
        }
        if (mine == null && (seen.tearingDown() || seen.deleted())) {
            return Optional.empty();
        }
        return switch (seen.decoded()) {
            case Decoded.Invalid(List<String> problems) ->
                Optional.of(hold(Phase.REFUSED, INVALID_NETWORK, String.join("; ", problems)));
            case Decoded.Valid(Network network) -> decide(seen, network, mine, older);
        };
    }

    /** Another network that this node has, whatever its resource says by now, if there is one. */
    private Optional<String> standingInTheWayOf(Network network) {
        return applied.values().stream()
                .map(AppliedNetwork::network)
                .filter(other -> NetworkOverlap.overlap(other, network))
                .map(Network::name)
                .min(Comparator.naturalOrder());
    }

    private Optional<Directive> decide(
            SeenNetwork seen, Network network, @Nullable AppliedNetwork mine, @Nullable String older) {
        boolean permitted =
                Objects.equals(orders.getOrDefault(seen.name(), NodeOrder.NONE).generation(), seen.generation());
        Network effective = mine == null ? network : network.effective(mine.network(), permitted);
        if (!effective.selects(labels)) {
            return mine == null ? Optional.empty() : Optional.of(new Directive.TearDown());
        }
        if (seen.paused()) {
            return Optional.of(hold(Phase.PAUSED, "Paused", "its annotation says so: no hook runs"));
        }
        if (older != null) {
            return Optional.of(hold(Phase.REFUSED, OVERLAPS, "it overlaps the older network " + older));
        }
        Optional<String> standing = mine == null ? standingInTheWayOf(network) : Optional.empty();
        if (standing.isPresent()) {
            return standing.map(other -> hold(
                    Phase.REFUSED, OVERLAPS, "it overlaps network " + other + ", which still stands on this node"));
        }
        String refused = effective.commands().byField().entrySet().stream()
                .filter(command -> !allowed.test(command.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return Optional.of(
                refused.isEmpty()
                        ? new Directive.Join(network, seen.uid(), seen.generation(), permitted)
                        : hold(
                                Phase.REFUSED,
                                COMMAND_NOT_ALLOWED,
                                refused + ": not among the commands that may run on this node"));
    }

    private static Directive hold(Phase phase, String reason, String message) {
        return new Directive.Hold(phase, reason, message);
    }
}

package dev.flannelx.kube.operator;

import dev.flannelx.kube.ResourceTypes;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.reconcile.NodeOrder;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.operator.Decision;
import dev.flannelx.reconcile.operator.NetworkOperator;
import dev.flannelx.reconcile.operator.NetworkReport;
import dev.flannelx.reconcile.operator.OperatorObserver;
import dev.flannelx.reconcile.operator.Release;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings networks, one at a time, in line with what is decided about them. Not thread-safe. */
final class NetworkReconciler {
    /** Between two writes of a network's status. */
    static final Duration STATUS_PAUSE = Duration.ofSeconds(5);
    /** Until the cache shows it, whose version everything else is written with. */
    private static final Duration AFTER_HOLD = Duration.ofSeconds(1);
    /** A decision may depend on time alone, as on a heartbeat that does not come. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What is kept of a network from one look to the next. */
    private static final class Desk {
        private final String uid;
        private final NetworkOperator operator;
        private final Turns<Map.Entry<String, NodeOrder>> orders;
        private Instant statusNotBefore = Instant.MIN;

        Desk(OperatedNetwork network, Turns<Map.Entry<String, NodeOrder>> orders) {
            uid = network.seen().uid();
            this.orders = orders;
            operator = new NetworkOperator(network.seen(), network.progress());
        }
    }

    private final ClusterSight sight;
    private final ClusterWriter writer;
    private final Definitions definitions;
    private final OperatorEvents events;
    private final OperatorObserver observer;
    private final Map<String, Desk> desks = new HashMap<>();

    NetworkReconciler(
            ClusterSight sight,
            ClusterWriter writer,
            Definitions definitions,
            OperatorEvents events,
            OperatorObserver observer) {
        this.sight = sight;
        this.writer = writer;
        this.definitions = definitions;
        this.events = events;
        this.observer = observer;
    }

    /**
     * Reconciles.
     *
     * @return when to do it again, if nothing changes before; empty for a network that is gone
     * @throws IOException if it is to be tried again
     */
    Optional<Instant> reconcile(String name, Instant now) throws IOException {
        OperatedNetwork network = sight.network(name);
        if (network == null) {
            desks.remove(name);
            observer.gone(name);
            return Optional.empty();
        }
        if (letGo(network) || (network.seen().deleted() && !network.holdsFinalizer())) {
            return Optional.empty();
        }
        if (network.seen().deleted()) {
            return takeDown(network, now);
        }
        if (!network.holdsFinalizer()) {
            writer.hold(network.seen());
            return Optional.of(now.plus(AFTER_HOLD));
        }
        Decision decision = decide(network, now);
        try (Turn turn = order(network, decision)) {
            Optional<Instant> statusAt = write(network, decision.report(), now);
            return turn.isOver() ? next(decision, statusAt, now) : Optional.of(now);
        }
    }

    /**
     * Lets a deleted network go without a teardown, if it goes with its type.
     *
     * @return whether that is so
     */
    boolean letGo(OperatedNetwork network) throws IOException {
        boolean goes =
                network.seen().deleted() && network.holdsFinalizer() && !definitions.isThere(ResourceTypes.NETWORKS);
        if (goes) {
            writer.release(network.seen());
            events.goesWithItsType(network.seen());
        }
        return goes;
    }

    /** Nodes that live begin by the condition, so that it comes first; the dead find their order. */
    private Optional<Instant> takeDown(OperatedNetwork network, Instant now) throws IOException {
        Decision decision = decide(network, now);
        Optional<Instant> statusAt = write(network, decision.report(), now);
        try (Turn turn = order(network, decision)) {
            if (!turn.isOver()) {
                return Optional.of(now);
            }
            release(network.seen(), decision.release());
        }
        return next(decision, statusAt, now);
    }

    private void release(SeenNetwork network, Release release) throws IOException {
        switch (release) {
            case NO -> {}
            case DONE -> {
                if (couldBeSaid()) {
                    tornDown(network);
                }
            }
            case DONE_LATE -> {
                if (couldBeSaid()) {
                    tornDown(network);
                } else {
                    leftBehind(network);
                }
            }
            case TIMED_OUT -> leftBehind(network);
        }
    }

    /** That nobody says to have anything left of a network means something only where anybody could say it. */
    private boolean couldBeSaid() throws IOException {
        return definitions.isThere(ResourceTypes.FLANNEL_NODES);
    }

    private void tornDown(SeenNetwork network) throws IOException {
        writer.release(network);
        events.tornDown(network);
    }

    private void leftBehind(SeenNetwork network) throws IOException {
        writer.release(network);
        events.leftBehind(network);
    }

    private Decision decide(OperatedNetwork network, Instant now) {
        SeenNetwork seen = network.seen();
        Desk desk = desk(network);
        Decision decision = desk.operator.decide(seen, sight.networks(), sight.look(now), now);
        events.reported(seen, decision.report(), sight.nonsense(seen.name()));
        observer.reported(seen.name(), decision.report());
        return decision;
    }

    private Desk desk(OperatedNetwork network) {
        String name = network.seen().name();
        Desk desk = desks.get(name);
        if (desk == null || !desk.uid.equals(network.seen().uid())) {
            desk = new Desk(network, writer.turns());
            desks.put(name, desk);
        }
        return desk;
    }

    private Turn order(OperatedNetwork network, Decision decision) {
        String name = network.seen().name();
        return desk(network).orders.take(decision.orders().entrySet(), entry -> {
            NodeOrder order = entry.getValue();
            writer.order(entry.getKey(), name, order);
            if (order.generation() != null) {
                events.raised(name, entry.getKey(), order.generation());
            }
        });
    }

    /** @return when it may be written, where that is not now */
    private Optional<Instant> write(OperatedNetwork network, NetworkReport report, Instant now) throws IOException {
        FlannelNetworkStatus wanted = writer.status(report, network.status());
        if (wanted.equals(network.status())) {
            return Optional.empty();
        }
        Desk desk = desk(network);
        if (now.isBefore(desk.statusNotBefore)) {
            return Optional.of(desk.statusNotBefore);
        }
        writer.write(network, wanted);
        desk.statusNotBefore = now.plus(STATUS_PAUSE);
        return Optional.empty();
    }

    private static Optional<Instant> next(Decision decision, Optional<Instant> statusAt, Instant now) {
        return Optional.of(earliest(decision.nextAt().orElse(null), statusAt.orElse(null), now.plus(LONGEST_PAUSE)));
    }

    private static Instant earliest(@Nullable Instant one, @Nullable Instant other, Instant latest) {
        Instant earliest = latest;
        if (one != null && one.isBefore(earliest)) {
            earliest = one;
        }
        return other != null && other.isBefore(earliest) ? other : earliest;
    }
}

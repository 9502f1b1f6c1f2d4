package dev.flannelx.app.status;

import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.kube.resource.FlannelNetworkStatus.SubnetCounts;
import dev.flannelx.network.Decoded;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import dev.flannelx.reconcile.operator.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is to say of a network as a whole. */
final class NetworkProblems {
    /** More than so many tenths of the subnets are few that are left; the alert FlannelxPoolAlmostFull says the same. */
    private static final int FULL_TENTHS = 9;

    private static final int TENTHS = 10;

    private static final String NO_OPERATOR =
            "kubectl -n flannelx-system get pods -l app.kubernetes.io/name=flannelx-operator";

    private final NetworkState network;
    private final List<Problem> found = new ArrayList<>();

    private NetworkProblems(NetworkState network) {
        this.network = network;
    }

    static List<Problem> of(NetworkState network) {
        var problems = new NetworkProblems(network);
        problems.acceptance();
        problems.operator();
        problems.progress();
        problems.nodes();
        problems.pool();
        return problems.found;
    }

    private void acceptance() {
        if (network.seen().decoded() instanceof Decoded.Invalid(List<String> problems)) {
            wrong("InvalidNetwork: " + String.join("; ", problems), "kubectl edit fnet " + network.name());
        } else if (network.older() != null) {
            wrong(
                    "Overlaps: it overlaps the older network " + network.older(),
                    "delete one of the two, or choose another range");
        }
        if (network.seen().deleted()) {
            String message = network.message(Aspect.TEARING_DOWN);
            underWay("is being deleted: " + (message.isEmpty() ? "no node was told to take it down yet" : message), "");
        } else if (network.seen().paused()) {
            underWay(
                    "Paused: no hook of it runs",
                    "kubectl annotate fnet %s flannelx.dev/paused-".formatted(network.name()));
        }
    }

    private void operator() {
        if (network.status() == null) {
            wrong("no operator has looked at it", NO_OPERATOR);
        } else if (!network.isObserved()) {
            underWay(
                    "no operator has looked at generation %d yet"
                            .formatted(network.seen().generation()),
                    NO_OPERATOR);
        }
    }

    private void progress() {
        String message = network.message(Aspect.PROGRESSING);
        if (network.hasReason(Aspect.PROGRESSING, Progress.State.HALTED.text())) {
            wrong(
                    "RolloutHalted: " + message,
                    "kubectl edit fnet %s, or apply the spec that worked".formatted(network.name()));
        } else if (network.is(Aspect.PROGRESSING)) {
            underWay("is being rolled out: " + message, "");
        }
    }

    private void nodes() {
        if (network.hasReason(Aspect.READY, "NoNodes")) {
            wrong("NoNodes: " + network.message(Aspect.READY), "kubectl get nodes --show-labels");
        }
        Stream.of(network.message(Aspect.READY).split("; ", -1))
                .filter(part -> part.startsWith("public address "))
                .forEach(part -> wrong(part, "give each node its own --public-ip"));
    }

    private void pool() {
        SubnetCounts subnets = subnets().orElse(null);
        if (network.is(Aspect.POOL_EXHAUSTED)) {
            wrong("PoolExhausted: " + network.message(Aspect.POOL_EXHAUSTED), "kubectl get slease");
        } else if (subnets != null && subnets.allocated() * TENTHS > subnets.capacity() * FULL_TENTHS) {
            wrong(
                    "few subnets are left: %d of %d are taken".formatted(subnets.allocated(), subnets.capacity()),
                    "kubectl get slease");
        }
    }

    private Optional<SubnetCounts> subnets() {
        return Optional.ofNullable(network.status()).map(FlannelNetworkStatus::subnets);
    }

    private void wrong(String what, String advice) {
        add(Problem.Weight.WRONG, what, advice);
    }

    private void underWay(String what, String advice) {
        add(Problem.Weight.UNDER_WAY, what, advice);
    }

    private void add(Problem.Weight weight, String what, String advice) {
        found.add(new Problem(weight, "network " + network.name(), network.name(), what, advice));
    }
}

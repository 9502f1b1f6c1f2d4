package dev.flannelx.app.status;

import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.kube.resource.FlannelNetworkStatus;
import dev.flannelx.lab.TextTable;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.operator.NetworkCondition.Aspect;
import dev.flannelx.reconcile.operator.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * The cluster's state for a person who has one minute: what is out of order comes first, and what to do about it. What
 * others wrote is shown without what a terminal would act upon.
 */
public final class StatusText {
    /** So many rows of a kind, unless a person wants all. */
    static final int ROWS = 20;

    private static final int LONGEST = 160;

    /**
     * How it is wanted.
     *
     * @param all whether every node is wanted, and every failure
     * @param now by the clock of the person
     * @param styled gives a text the style {@code good}, {@code bad} or {@code bold}; where there is no colour, none
     */
    public record View(boolean all, Instant now, BinaryOperator<String> styled) {}

    private final ClusterState cluster;
    private final View view;
    private final StringBuilder text = new StringBuilder();

    private StatusText(ClusterState cluster, View view) {
        this.cluster = cluster;
        this.view = view;
    }

    /** The whole text. */
    public static String of(ClusterState cluster, View view) {
        if (cluster.networks().isEmpty()
                && cluster.agents().stream().allMatch(agent -> agent.networks().isEmpty())) {
            return "there is no FlannelNetwork in the cluster: kubectl apply makes one\n";
        }
        var writer = new StatusText(cluster, view);
        writer.problems();
        writer.networks();
        writer.nodes();
        writer.failures();
        if (cluster.nodes().isEmpty()) {
            writer.text.append("Nodes themselves were not looked at: this user may not list them.\n");
        }
        return writer.text.toString().stripTrailing() + "\n";
    }

    private void problems() {
        List<Problem> all = Problems.of(cluster, view.now());
        List<Problem> wrong = all.stream()
                .filter(problem -> problem.weight() == Problem.Weight.WRONG)
                .toList();
        if (wrong.isEmpty()) {
            text.append(styled("good", "Nothing is out of order")).append("\n\n");
        }
        list("bad", "Out of order", wrong);
        list(
                "bold",
                "Under way",
                all.stream()
                        .filter(problem -> problem.weight() == Problem.Weight.UNDER_WAY)
                        .toList());
    }

    private void list(String style, String title, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        text.append(styled(style, title)).append('\n');
        problems.stream().limit(rows()).forEach(problem -> {
            text.append("  %s: %s%n".formatted(shown(problem.subject()), shown(problem.what())));
            if (!problem.advice().isEmpty()) {
                text.append("    try: %s%n".formatted(problem.advice()));
            }
        });
        more(problems.size());
        text.append('\n');
    }

    private void networks() {
        var rows = new ArrayList<List<String>>();
        for (NetworkState network : cluster.networks()) {
            FlannelNetworkStatus status = network.status();
            FlannelNetworkStatus.NodeCounts nodes = status == null ? null : status.nodes();
            FlannelNetworkStatus.SubnetCounts subnets = status == null ? null : status.subnets();
            rows.add(List.of(
                    network.name(),
                    network.ranges(),
                    state(network),
                    nodes == null ? "-" : nodes.ready() + "/" + nodes.total(),
                    nodes == null ? "-" : nodes.updated() + "/" + nodes.total(),
                    subnets == null ? "-" : subnets.allocated() + " of " + subnets.capacity()));
        }
        table("Networks", List.of("NETWORK", "RANGE", "STATE", "READY", "UPDATED", "SUBNETS"), rows);
    }

    private static String state(NetworkState network) {
        if (network.seen().deleted()) {
            return "TearingDown";
        }
        if (network.spec().isEmpty()) {
            return "InvalidNetwork";
        }
        if (network.older() != null) {
            return "Overlaps";
        }
        if (network.seen().paused()) {
            return "Paused";
        }
        if (network.hasReason(Aspect.PROGRESSING, Progress.State.HALTED.text())) {
            return Progress.State.HALTED.text();
        }
        if (network.is(Aspect.PROGRESSING)) {
            return Progress.State.ROLLING_OUT.text();
        }
        return network.is(Aspect.READY) ? NodeState.READY : "NotReady";
    }

    /** A node in a network. */
    private record Row(SeenFlannelNode agent, NetworkStatus standing, String word) {}

    private Stream<Row> standings() {
        return cluster.agents().stream()
                .flatMap(agent -> agent.networks().values().stream()
                        .map(standing -> new Row(
                                agent,
                                standing,
                                NodeState.word(agent, cluster.node(agent.name()).orElse(null), standing, view.now()))));
    }

    private void nodes() {
        List<List<String>> rows = standings()
                .sorted(Comparator.comparing((Row row) -> row.word().equals(NodeState.READY))
                        .thenComparing(row -> row.standing().network())
                        .thenComparing(row -> row.agent().name()))
                .map(row -> List.of(
                        row.standing().network(),
                        row.agent().name(),
                        row.word(),
                        String.valueOf(row.standing().generation()),
                        Objects.toString(row.standing().subnet(), "-"),
                        peers(row.standing().peers()),
                        NodeState.heardOf(row.agent(), view.now())))
                .toList();
        table("Nodes", List.of("NETWORK", "NODE", "STATE", "GENERATION", "SUBNET", "PEERS", "HEARD OF"), rows);
    }

    private static String peers(NetworkStatus.Peers peers) {
        String applied = peers.applied() + "/" + peers.desired();
        return peers.failing() == 0 ? applied : "%s, %d failing".formatted(applied, peers.failing());
    }

    private void failures() {
        List<List<String>> rows = standings()
                .flatMap(row -> row.standing().failures().stream().map(failure -> failure(row, failure)))
                .toList();
        table(
                "Failing hooks",
                List.of("NETWORK", "NODE", "HOOK", "PEER", "ATTEMPTS", "EXIT", "LAST LINE OF STDERR"),
                rows);
    }

    private static List<String> failure(Row row, NetworkStatus.Failure failure) {
        return List.of(
                row.standing().network(),
                row.agent().name(),
                failure.hook(),
                Objects.toString(failure.peer(), "-"),
                String.valueOf(failure.attempts()),
                Objects.toString(failure.exitCode(), "-"),
                failure.message());
    }

    private void table(String title, List<String> header, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        var shown = new ArrayList<List<String>>();
        shown.add(header);
        rows.stream()
                .limit(rows())
                .forEach(row -> shown.add(row.stream().map(StatusText::shown).toList()));
        text.append(styled("bold", title)).append('\n');
        text.append(TextTable.of(shown, cell -> cell.equals(NodeState.READY) ? styled("good", cell) : cell));
        more(rows.size());
        text.append('\n');
    }

    private void more(int count) {
        if (count > rows()) {
            text.append("  and %d more: --all shows them%n".formatted(count - rows()));
        }
    }

    private int rows() {
        return view.all() ? Integer.MAX_VALUE : ROWS;
    }

    private String styled(String style, String part) {
        return view.styled().apply(style, part);
    }

    private static String shown(String part) {
        return Shown.text(part, LONGEST);
    }
}

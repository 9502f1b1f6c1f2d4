package dev.flannelx.app.agent;

import dev.flannelx.kube.FlannelNodeStore;
import dev.flannelx.kube.SeenFlannelNode;
import dev.flannelx.metrics.AgentMetrics;
import dev.flannelx.reconcile.Backoff;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Worker;
import dev.flannelx.reconcile.WriteSchedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Writes the node's FlannelNode, in a thread of its own: when something changed, but seldom, and as a heartbeat. */
final class StatusWriter {
    private static final Logger LOG = Logger.getLogger(StatusWriter.class);
    private static final WriteSchedule.Pace PACE = new WriteSchedule.Pace(
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofHours(1),
            new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(20)));

    /** How long after its start an agent may say nothing of a node that another left in order. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final String node;
    private final AgentMeans means;
    private final AgentMetrics metrics;
    private final FlannelNodeStore store;
    private final Supplier<Optional<Report>> source;
    private final ClusterView cluster;
    private final WriteSchedule<Report> schedule;
    private final Worker worker;
    private final Instant settledAt;
    private final OngoingTrouble trouble = new OngoingTrouble();
    private String writtenTo = "";
    private String lastSeen = "";

    /** What there is to say. */
    record Report(String nodeUid, List<NetworkStatus> networks) {
        /** What of it is worth a write: that what failed has failed once more is not. */
        Report worthAWrite() {
            return new Report(
                    nodeUid, networks.stream().map(StatusWriter::worthAWrite).toList());
        }
    }

    /**
     * A writer that does nothing before {@link #start}.
     *
     * @param source what there is to say; empty as long as there is no Node to say it of
     */
    StatusWriter(NodeTools tools, ClusterView cluster, Supplier<Optional<Report>> source) {
        node = tools.settings().node();
        means = tools.means();
        metrics = tools.metrics();
        store = new FlannelNodeStore(means.client(), node, tools.settings().version());
        this.source = source;
        this.cluster = cluster;
        settledAt = means.clock().instant().plus(SETTLING);
        schedule = new WriteSchedule<>(PACE, means.random());
        worker = new Worker("status", means.clock(), this::work, bug -> LOG.error("the status is not written", bug));
    }

    void start() {
        worker.start();
    }

    /** Whether its thread is there while it should be. */
    boolean isAlive() {
        return worker.isAlive();
    }

    /** There may be something new to say. */
    void wake() {
        worker.wake();
    }

    /** Writes no more. */
    void stop(Duration grace) throws InterruptedException {
        worker.stop(grace);
    }

    private Optional<Instant> work() {
        Instant now = means.clock().instant();
        look(now);
        if (now.isBefore(schedule.opensAt())) {
            return Optional.of(schedule.opensAt());
        }
        Optional<Report> report = source.get();
        if (report.isEmpty()) {
            return Optional.empty();
        }
        if (now.isBefore(settledAt) && isSettling(report.get())) {
            return Optional.of(settledAt);
        }
        schedule.want(report.get().worthAWrite(), now);
        if (schedule.isDue(now)) {
            write(report.get());
        }
        return schedule.nextAt();
    }

    /** Whether what an earlier agent wrote is nearer to the truth than what this one could say yet. */
    private boolean isSettling(Report report) {
        boolean mayHaveBeenReady = !cluster.hasLookedForFlannelNode()
                || cluster.flannelNode()
                        .filter(node -> !node.networks().isEmpty())
                        .isPresent();
        boolean ready =
                !report.networks().isEmpty() && report.networks().stream().allMatch(NetworkStatus::ready);
        return writtenTo.isEmpty() && mayHaveBeenReady && !ready;
    }

    /** What was written to and then seen, and is not there any more, is written anew. */
    private void look(Instant now) {
        String uid = cluster.flannelNode().map(SeenFlannelNode::uid).orElse("");
        if (!uid.equals(lastSeen)) {
            boolean lost = lastSeen.equals(writtenTo) && !writtenTo.isEmpty();
            lastSeen = uid;
            if (lost) {
                schedule.lost(now);
            }
        }
    }

    private void write(Report report) {
        Instant time = means.wall().instant();
        try {
            writtenTo = store.write(report.nodeUid(), time, report.networks());
            schedule.written(means.clock().instant());
            metrics.heartbeat(true, time);
            if (trouble.over()) {
                LOG.infof("status written again node=%s", node);
            }
        } catch (IOException e) {
            schedule.failed(means.clock().instant());
            metrics.heartbeat(false, time);
            String message = String.valueOf(e.getMessage());
            if (trouble.met(message)) {
                LOG.warnf("status not written node=%s: %s", node, message);
            }
        }
    }

    private static NetworkStatus worthAWrite(NetworkStatus status) {
        var failures = new ArrayList<NetworkStatus.Failure>();
        for (NetworkStatus.Failure failure : status.failures()) {
            failures.add(new NetworkStatus.Failure(
                    failure.hook(),
                    failure.peer(),
                    Integer.highestOneBit(failure.attempts()),
                    failure.exitCode(),
                    failure.message()));
        }
        return new NetworkStatus(
                status.network(),
                status.phase(),
                status.generation(),
                status.subnet(),
                status.ready(),
                status.reason(),
                status.message(),
                status.peers(),
                failures);
    }
}

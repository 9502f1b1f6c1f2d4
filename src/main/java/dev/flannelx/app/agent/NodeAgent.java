package dev.flannelx.app.agent;

import dev.flannelx.app.agent.StatusWriter.Report;
import dev.flannelx.host.AgentLock;
import dev.flannelx.kube.ResourceInformer;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Periodic;
import dev.flannelx.reconcile.Self;
import dev.flannelx.reconcile.Worker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one node. One thread looks at the cluster and at the node's journals, and has each network do what they
 * call for; it is woken by whatever changes, and by a {@link #tick} every second or so.
 */
public final class NodeAgent {
    private static final Logger LOG = Logger.getLogger(NodeAgent.class);
    private static final Duration LOCK_RETRY = Duration.ofSeconds(1);
    /** For one request to end, when the agent ends. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Between two lists that only make sure: one in ten minutes, whatever it is that is compared. */
    private static final Duration COMPARISON = Duration.ofMinutes(10);

    private static final Duration LONGEST_ROUND = Duration.ofMinutes(5);

    private final AgentSettings settings;
    private final AgentMeans means;
    private final NodeTools tools;
    private final ClusterView cluster;
    private final SelfFinder selfFinder;
    private final LeftoverLeases leftovers;
    private final NodeNetworks networks;
    private final StatusWriter status;
    private final Worker worker;
    private final Periodic comparison;
    private int compared;
    private volatile @Nullable AgentLock lock;
    private volatile String obstacle = "the agent has just started";
    private volatile Instant workedAt;

    /** An agent that does nothing before {@link #start}. */
    NodeAgent(NodeTools tools, SelfFinder selfFinder) {
        this.tools = tools;
        this.selfFinder = selfFinder;
        settings = tools.settings();
        means = tools.means();
        cluster = new ClusterView(means.client(), settings.node(), this::changed);
        worker = new Worker("agent", means.clock(), this::work, bug -> LOG.error("the agent has a bug", bug));
        leftovers = new LeftoverLeases(
                settings.node(),
                new NodeLeases(means.client(), settings.node()),
                means.clock(),
                means.random(),
                worker::wake);
        networks = new NodeNetworks(tools, new Wakes(this::wakeStatus, worker::wake), leftovers);
        status = new StatusWriter(tools, cluster, this::report);
        workedAt = means.clock().instant();
        comparison = new Periodic(COMPARISON, COMPARISON.dividedBy(2), means.random(), workedAt);
    }

    /** Starts, whether or not the API server answers. */
    public void start() {
        worker.start();
        leftovers.start();
        status.start();
    }

    /** To be called every second or so: whatever is to be done now and then is done by this. */
    public void tick() {
        worker.wake();
    }

    /** Compares everything with what the API server remembers, and what is applied with that. */
    public void compare() {
        comparisons().forEach(Runnable::run);
        networks.all().forEach(JoinedNetwork::resync);
    }

    /** Where the node stands with each network that it has to do with. */
    public List<NetworkStatus> statuses() {
        return networks.statuses();
    }

    /** Whether the node is ready, and what is missing. */
    public Readiness readiness() {
        String first = obstacle;
        return new Readiness(first.isEmpty() ? networks.missing() : List.of(first));
    }

    /**
     * Whether it gets on: all of its threads are there that should be, and not long ago the first of them finished a round,
     * for which a tick asks.
     */
    public boolean isAlive() {
        Duration sinceWorked = Duration.between(workedAt, means.clock().instant());
        return sinceWorked.compareTo(LONGEST_ROUND) < 0
                && worker.isAlive()
                && leftovers.isAlive()
                && status.isAlive()
                && tools.events().isAlive()
                && cluster.informers().stream().allMatch(ResourceInformer::isAlive)
                && networks.all().stream().allMatch(JoinedNetwork::isAlive);
    }

    /** Ends: hooks under way end or are ended within the grace, journals are whole, and what was built stays. */
    public void stop() throws InterruptedException {
        worker.stop(PATIENCE);
        leftovers.stop(PATIENCE);
        cluster.close();
        networks.stop(settings.choices().grace());
        status.stop(PATIENCE);
        end();
        LOG.infof("agent stopped node=%s", settings.node());
    }

    /** Ends like a process that is killed: from here on it writes nothing, and its hooks are dead. */
    public void kill() throws InterruptedException {
        networks.kill();
        worker.stop(Duration.ZERO);
        leftovers.stop(Duration.ZERO);
        networks.kill();
        cluster.close();
        status.stop(Duration.ZERO);
        end();
    }

    private void end() {
        tools.events().close();
        tools.metrics().close();
        AgentLock held = lock;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                LOG.warnf("lock not given back node=%s: %s", settings.node(), e);
            }
        }
    }

    private void changed() {
        worker.wake();
        status.wake();
    }

    private void wakeStatus() {
        status.wake();
    }

    private Optional<Instant> work() throws InterruptedException {
        Instant now = means.clock().instant();
        if (!hasLock()) {
            workedAt = now;
            return Optional.of(now.plus(LOCK_RETRY));
        }
        obstacle = decide(now).orElse("");
        networks.all().forEach(JoinedNetwork::tick);
        if (comparison.takeDue(now)) {
            compareNext();
        }
        status.wake();
        workedAt = means.clock().instant();
        return Optional.empty();
    }

    /** Has the networks do what is wanted by now; returns what keeps that from being known. */
    private Optional<String> decide(Instant now) throws InterruptedException {
        Optional<ClusterView.Seen> seen = cluster.seen();
        if (seen.isEmpty()) {
            if (cluster.isNodeGone()) {
                // What a node that is not there claims is taken away again at once.
                networks.hold("NodeGone", "there is no Node " + settings.node());
            }
            return cluster.missing();
        }
        Optional<Self> self = selfFinder.find(seen.get().node(), now);
        if (self.isEmpty()) {
            return Optional.of(selfFinder.problem());
        }
        networks.direct(seen.get(), self.get());
        return Optional.empty();
    }

    private boolean hasLock() {
        if (lock != null) {
            return true;
        }
        try {
            return switch (AgentLock.tryTake(
                    settings.machine().places().run(),
                    settings.node(),
                    means.wall().instant())) {
                case AgentLock.Attempt.Taken(AgentLock taken) -> {
                    lock = taken;
                    LOG.infof("agent started node=%s", settings.node());
                    cluster.start();
                    yield true;
                }
                case AgentLock.Attempt.Denied(String holder) -> wait("another agent runs on this node: " + holder);
            };
        } catch (IOException e) {
            return wait("the lock of this node's agent cannot be taken: " + Shown.trouble(e));
        }
    }

    private boolean wait(String why) {
        if (!why.equals(obstacle)) {
            obstacle = why;
            LOG.warnf("waiting node=%s: %s", settings.node(), why);
        }
        return false;
    }

    private Optional<Report> report() {
        return lock == null
                ? Optional.empty()
                : cluster.seen().map(seen -> new Report(seen.node().uid(), networks.statuses()));
    }

    /** Compares one thing after another, so that this takes few lists, and has the engines follow. */
    private void compareNext() {
        List<Runnable> comparisons = comparisons();
        comparisons.get(compared % comparisons.size()).run();
        compared++;
        networks.all().forEach(JoinedNetwork::resync);
    }

    private List<Runnable> comparisons() {
        var compare = new ArrayList<Runnable>();
        networks.all().forEach(network -> compare.add(network::compareLeases));
        for (ResourceInformer<?> informer : cluster.informers()) {
            compare.add(informer::compare);
        }
        if (leftovers.areThinkable()) {
            compare.add(leftovers::lookAgain);
        }
        return compare;
    }
}

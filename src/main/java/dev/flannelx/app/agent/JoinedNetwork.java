package dev.flannelx.app.agent;

import dev.flannelx.host.FileJournal;
import dev.flannelx.host.ShellHookRunner;
import dev.flannelx.kube.KubeLeaseStore;
import dev.flannelx.kube.LeaseInformer;
import dev.flannelx.metrics.NetworkMetrics;
import dev.flannelx.reconcile.AgentOptions;
import dev.flannelx.reconcile.AppliedNetwork;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.NetworkAgent;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Ports;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One network on this node: its engine, and what that stands on. It is there for every network that this node has
 * anything to do with, be it to hold still.
 */
final class JoinedNetwork {
    private static final Logger LOG = Logger.getLogger(JoinedNetwork.class);
    /** For hooks that were ended to be taken in. */
    private static final Duration AFTERMATH = Duration.ofSeconds(5);

    private final String name;
    private final NodeTools tools;
    private final FileJournal journal;
    private final ShellHookRunner runner;
    private final LeaseInformer leases;
    private final NetworkMetrics metrics;
    private final NetworkEvents events;
    private final SkippedLog skipped;
    private final NetworkObserver observer;
    private final NetworkAgent agent;
    private final Wakes wakes;
    private volatile @Nullable Directive directive;
    private Self self;

    private JoinedNetwork(String name, NodeTools tools, Self self, Wakes wakes) throws IOException {
        this.name = name;
        this.tools = tools;
        this.self = self;
        this.wakes = wakes;
        AgentSettings settings = tools.settings();
        journal = new FileJournal(directory(), tools.life());
        runner = new ShellHookRunner(
                name,
                settings.node(),
                journal.hooksDirectory(),
                settings.machine().enter().apply(journal.hooksDirectory()));
        metrics = tools.metrics().network(name);
        events = new NetworkEvents(tools.events(), name, self);
        skipped = new SkippedLog(name, settings.node());
        observer = new NetworkObserver(name, settings.node(), events, skipped, this::changed);
        leases = new LeaseInformer(tools.means().client(), name, this::wake, skipped::nonsense);
        agent = new NetworkAgent(
                name,
                new Ports(
                        new KubeLeaseStore(tools.means().client(), name, leases, tools.guard()),
                        settings.additions().hooks().apply(runner),
                        journal,
                        settings.additions().publication().apply(tools.publication()),
                        settings.additions().observer().apply(new Observers(metrics, observer))),
                self,
                new AgentOptions(settings.choices().moveOnSubnetLost()),
                tools.means().clock(),
                tools.means().random());
    }

    /**
     * Takes up a network, with what an earlier agent left of it; it holds still until the first directive.
     *
     * @throws IOException if its journal cannot be read
     */
    static JoinedNetwork takeUp(String name, NodeTools tools, Self self, Wakes wakes) throws IOException {
        var network = new JoinedNetwork(name, tools, self, wakes);
        try {
            network.agent.start();
        } catch (IOException e) {
            network.metrics.close();
            throw e;
        }
        network.observer.alreadyHolds(network.status().subnet());
        network.metrics.watch(network::status, network.agent::queue);
        network.leases.start();
        Thread.startVirtualThread(tools.guard()::meet);
        return network;
    }

    /** What is to be done about it, and by whom, from now on. */
    void direct(Directive newDirective, Self newSelf) {
        if (!newSelf.equals(self)) {
            self = newSelf;
            events.become(newSelf);
            agent.become(newSelf);
        }
        direct(newDirective);
    }

    /** Leaves everything as it is. */
    void hold(Directive.Hold hold) {
        direct(hold);
    }

    private void direct(Directive newDirective) {
        if (!newDirective.equals(directive)) {
            directive = newDirective;
            agent.want(newDirective);
        }
    }

    /** Which resource of that name it is. */
    void of(String uid) {
        events.of(uid);
    }

    /** Whether it is being taken down. */
    boolean isLeaving() {
        return directive instanceof Directive.TearDown;
    }

    boolean isForgotten() {
        return agent.isForgotten();
    }

    /** What the journal holds; empty before anything began, and after a teardown. */
    Optional<AppliedNetwork> applied() {
        return agent.applied();
    }

    NetworkStatus status() {
        return skipped.tell(agent.status(), leases.nonsense(name));
    }

    /** Whether all of its threads are there that should be. */
    boolean isAlive() {
        return agent.isAlive() && leases.isAlive();
    }

    /** What is to be done every second or so. */
    void tick() {
        if (leases.isWatching() && leases.leases().isPresent()) {
            metrics.synced(tools.means().wall().instant());
        }
        metrics.refresh();
        observer.see(status());
    }

    /** Has the leases compared with what the API server has; the engine follows. */
    void compareLeases() {
        leases.compare();
    }

    /** Has the engine compare everything again, whatever it was told. */
    void resync() {
        agent.resync();
    }

    /** Begins no more hooks, and ends those that are still under way after {@code grace}; what it built stays. */
    void stop(Duration grace) throws InterruptedException {
        leases.close();
        agent.stop(grace);
        runner.stop(Duration.ZERO);
        agent.stop(AFTERMATH);
        metrics.close();
    }

    /** Ends like a process that is killed, its hooks too. */
    void kill() {
        agent.kill();
        runner.kill();
        leases.close();
        metrics.close();
    }

    /** Ends with nothing of it left here. */
    void leave() throws InterruptedException {
        stop(Duration.ZERO);
        try {
            Files.deleteIfExists(journal.hooksDirectory());
            Files.deleteIfExists(directory());
        } catch (DirectoryNotEmptyException e) {
            LOG.debugf("directory stays network=%s: %s", name, e.getMessage());
        } catch (IOException e) {
            LOG.warnf("directory stays network=%s: %s", name, e);
        }
    }

    private Path directory() {
        return tools.settings().machine().places().run().resolve(name);
    }

    private void wake() {
        agent.wake();
    }

    /** Once it is taken down there is something to decide. */
    private void changed() {
        wakes.status().run();
        if (isLeaving()) {
            wakes.decision().run();
        }
    }
}

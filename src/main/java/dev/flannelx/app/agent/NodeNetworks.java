package dev.flannelx.app.agent;

import dev.flannelx.host.AllowedCommands;
import dev.flannelx.host.FileJournal;
import dev.flannelx.network.DnsSubdomain;
import dev.flannelx.network.Shown;
import dev.flannelx.reconcile.AppliedNetwork;
import dev.flannelx.reconcile.Directive;
import dev.flannelx.reconcile.DirectiveRules;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Phase;
import dev.flannelx.reconcile.SeenNetwork;
import dev.flannelx.reconcile.Self;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The networks of one node: which there are, what each is told, and when one ends. One thread directs; any may look.
 */
final class NodeNetworks {
    private static final Logger LOG = Logger.getLogger(NodeNetworks.class);
    private static final int LONGEST_NAME = 63;

    private final NodeTools tools;
    private final Wakes wakes;
    private final LeftoverLeases leftovers;
    private final Map<String, JoinedNetwork> joined = new ConcurrentHashMap<>();
    /** Those that cannot be taken up, and why. */
    private volatile Map<String, String> broken = Map.of();

    private boolean restored;
    /** Those of an earlier agent whose journals could not be read yet. */
    private final Set<String> unread = new TreeSet<>();

    private @Nullable String primary;
    private List<String> listProblems = List.of();

    NodeNetworks(NodeTools tools, Wakes wakes, LeftoverLeases leftovers) {
        this.tools = tools;
        this.wakes = wakes;
        this.leftovers = leftovers;
    }

    Collection<JoinedNetwork> all() {
        return joined.values();
    }

    /** Where the node stands with each, those that cannot be taken up included. */
    List<NetworkStatus> statuses() {
        var statuses = new ArrayList<NetworkStatus>();
        joined.values().forEach(network -> statuses.add(network.status()));
        broken.forEach((name, problem) -> statuses.add(new NetworkStatus(
                name, Phase.REFUSED, 0, null, false, "Troubled", problem, NetworkStatus.Peers.NONE, List.of())));
        statuses.sort(Comparator.comparing(NetworkStatus::network));
        return statuses;
    }

    /**
     * What keeps the node from being ready, for a person; empty if it is. A network that is held (paused, refused) is
     * ready here as long as what was brought up before stands, and not otherwise.
     */
    List<String> missing() {
        var missing = new ArrayList<String>();
        joined.values().stream()
                .filter(network -> !network.isLeaving())
                .map(JoinedNetwork::status)
                .filter(status -> !status.ready())
                .forEach(status -> missing.add(missing(status)));
        broken.forEach((name, problem) -> missing.add("network " + name + ": " + problem));
        return missing;
    }

    private static String missing(NetworkStatus status) {
        String peers = status.phase() == Phase.ACTIVE
                ? ", %d of %d peers applied"
                        .formatted(status.peers().applied(), status.peers().desired())
                : "";
        String reason = status.reason().isEmpty() ? "" : ": " + status.reason() + ": " + status.message();
        return "network " + status.network() + ": " + status.phase().text() + peers + reason;
    }

    /** Has each network do what the cluster wants of this node by now, and what its journals call for. */
    void direct(ClusterView.Seen seen, Self self) throws InterruptedException {
        var failures = new HashMap<String, String>();
        restore(self, failures);
        var rules = new DirectiveRules(seen.node().labels(), seen.orders(), applied(), allowed());
        Map<String, Directive> directives = rules.decide(seen.networks());
        rules.primary(tools.settings().choices().primaryNetwork(), primary, seen.networks(), directives)
                .ifPresentOrElse(this::choosePrimary, () -> choosePrimary(null));
        leftovers.of(unrelated(rules, seen.networks()), self.uid());
        directives.keySet().forEach(name -> takeUp(name, self, failures));
        tell(failures);
        for (SeenNetwork network : seen.networks()) {
            JoinedNetwork mine = joined.get(network.name());
            if (mine != null) {
                mine.of(network.uid());
            }
        }
        for (Map.Entry<String, JoinedNetwork> entry : Map.copyOf(joined).entrySet()) {
            Directive directive = directives.getOrDefault(entry.getKey(), new Directive.TearDown());
            entry.getValue().direct(directive, self);
            if (entry.getValue().isForgotten()) {
                LOG.infof("network left network=%s node=%s", entry.getKey(), self.node());
                joined.remove(entry.getKey());
                entry.getValue().leave();
                wakes.status().run();
            }
        }
    }

    /** Has every network stay as it is: there is no word on what this node is to do. */
    void hold(String reason, String message) {
        for (JoinedNetwork network : joined.values()) {
            network.hold(new Directive.Hold(Phase.PAUSED, reason, message));
        }
    }

    /** Those that this node has nothing of; none as long as a journal may say otherwise. */
    private Set<String> unrelated(DirectiveRules rules, Collection<SeenNetwork> networks) {
        if (!restored) {
            return Set.of();
        }
        Set<String> unrelated = rules.unrelated(networks);
        unrelated.removeAll(joined.keySet());
        unrelated.removeAll(unread);
        return unrelated;
    }

    /** Takes up what an earlier agent left. */
    private void restore(Self self, Map<String, String> failures) {
        if (!restored) {
            try {
                unread.addAll(
                        FileJournal.networks(tools.settings().machine().places().run()));
                unread.removeIf(name -> !DnsSubdomain.matches(name, LONGEST_NAME));
                primary = tools.publication().formerPrimary(unread).orElse(null);
                tools.publication().takeBackStale();
                restored = true;
            } catch (IOException e) {
                LOG.warnf("journals not read node=%s: %s", self.node(), e);
            }
        }
        unread.forEach(name -> takeUp(name, self, failures));
        unread.removeAll(joined.keySet());
    }

    private Map<String, AppliedNetwork> applied() {
        var applied = new HashMap<String, AppliedNetwork>();
        joined.forEach((name, network) -> network.applied().ifPresent(found -> applied.put(name, found)));
        return applied;
    }

    private void takeUp(String name, Self self, Map<String, String> failures) {
        if (joined.containsKey(name) || leftovers.isReleasing(name)) {
            return;
        }
        if (!DnsSubdomain.matches(name, LONGEST_NAME)) {
            failures.put(name, "its name is no name of a network: want at most " + LONGEST_NAME + " characters");
            return;
        }
        try {
            joined.put(name, JoinedNetwork.takeUp(name, tools, self, wakes));
            LOG.infof("network taken up network=%s node=%s", name, self.node());
        } catch (IOException e) {
            failures.put(name, Shown.trouble(e));
        }
    }

    private void tell(Map<String, String> failures) {
        if (!failures.equals(broken)) {
            broken = Map.copyOf(failures);
            failures.forEach((name, problem) -> LOG.warnf(
                    "network not taken up network=%s node=%s: %s",
                    name, tools.settings().node(), problem));
        }
    }

    private void choosePrimary(@Nullable String network) {
        primary = network;
        try {
            tools.publication().choosePrimary(network);
        } catch (IOException e) {
            // The next resync publishes again.
            LOG.warnf(
                    "primary network not told network=%s node=%s: %s",
                    network, tools.settings().node(), e);
        }
    }

    private Predicate<String> allowed() {
        Path file = tools.settings().choices().allowedCommands();
        if (file == null) {
            return _ -> true;
        }
        var allowed = AllowedCommands.in(file);
        if (!allowed.problems().equals(listProblems)) {
            listProblems = allowed.problems();
            listProblems.forEach(problem ->
                    LOG.warnf("allowed commands node=%s: %s", tools.settings().node(), problem));
        }
        return allowed;
    }

    /** Begins no more hooks, and ends those that are still under way after {@code grace}; what was built stays. */
    void stop(Duration grace) throws InterruptedException {
        var stopping = new ArrayList<Thread>();
        for (JoinedNetwork network : joined.values()) {
            stopping.add(Thread.ofVirtual().start(() -> {
                try {
                    network.stop(grace);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : stopping) {
            thread.join();
        }
    }

    /** Ends like a process that is killed. */
    void kill() {
        joined.values().forEach(JoinedNetwork::kill);
    }
}

package dev.flannelx.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flannelx.hook.AppliedPeer;
import dev.flannelx.hook.Hook;
import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.hook.Peer;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.BackendSettings;
import dev.flannelx.network.Decoded;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkDecoder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One agent's reconciler against a simulated kernel, in one thread and simulated time, with hooks that fail and crashes
 * between any two steps. Everything random comes from one seed.
 */
final class Simulation {
    static final Subnet OWN = subnet(200);
    static final Self SELF = new Self("self", "uid-self", address(200), null);

    final FakeLeaseStore store = new FakeLeaseStore();
    final MemoryJournal journal = new MemoryJournal();
    final SimulatedKernel kernel = new SimulatedKernel();
    final List<HookInvocation> ran = new ArrayList<>();
    final Random random;
    Network network;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** Out of 100 hook runs. */
    int failures;
    /** Out of 100 steps. */
    int crashes;

    int generation = 1;
    private Self self = SELF;
    private Directive directive;
    private NetworkReconciler reconciler;
    private LeaseClaim claim;
    private final List<HookTask> underWay = new ArrayList<>();
    /** What agents that were killed had begun, and nobody has ended yet. */
    private final List<HookTask> survivors = new ArrayList<>();

    private @Nullable Chore inHand;
    /** By the last answer to a claim. */
    private @Nullable Lease claimed;
    /** Why nothing can be published; empty where all can. */
    String unpublishable = "";

    Simulation(long seed, HookCommands commands, int parallelism) {
        random = new Random(seed);
        network = network(commands, parallelism);
        directive = join(true);
        restart();
    }

    static Network network(HookCommands commands, int parallelism) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("network", "10.50.0.0/16");
        spec.putObject("backend").put("type", "extension").put("subnetAddCommand", "add");
        Decoded decoded = NetworkDecoder.decode("demo", spec);
        if (!(decoded instanceof Decoded.Valid(Network valid))) {
            throw new AssertionError(decoded);
        }
        BackendSettings usual = BackendSettings.DEFAULT;
        return valid.withCommands(commands)
                .withSettings(new BackendSettings(
                        usual.timeout(),
                        usual.checkPeriod(),
                        parallelism,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        null,
                        0));
    }

    static Subnet subnet(int number) {
        return new Subnet(Cidr.parse("10.50." + number + ".0/24").orElseThrow(), null);
    }

    static PublicAddress address(int number) {
        return new PublicAddress(Address.parse("192.0.2." + number).orElseThrow(), null);
    }

    Lease lease(int subnet, String node, String data) {
        return new Lease(
                "demo",
                node,
                "uid-" + node,
                subnet(subnet),
                address(Math.abs(node.hashCode() % 100) + 1),
                "extension",
                data,
                now,
                now,
                false);
    }

    /** Starts an agent on what the last one left, hooks that are still running included. */
    void restart() {
        underWay.stream().filter(task -> !task.invocation().hook().isCheck()).forEach(survivors::add);
        underWay.clear();
        inHand = null;
        claimed = null;
        store.forgetCache();
        var ports = new Ports(store, NO_RUNNER, journal, NO_PUBLICATION, new ReconcileObserver() {});
        reconciler = new NetworkReconciler(
                ports, self, AgentOptions.DEFAULT, random, hook -> HookRun.newId(hook, "demo", SELF.node(), random));
        claim = new LeaseClaim(store, new ReconcileObserver() {});
        reconciler.restore(journal.state);
        reconciler.want(directive, now);
    }

    void want() {
        want(join(true));
    }

    /** Wants the network as it is by now, in a roll-out whose turn it is not here yet. */
    void wantLater() {
        want(join(false));
    }

    void hold() {
        want(new Directive.Hold(Phase.PAUSED, "Paused", "no hook runs"));
    }

    void tearDown() {
        want(new Directive.TearDown());
    }

    private void want(Directive newDirective) {
        directive = newDirective;
        reconciler.want(directive, now);
    }

    private Directive join(boolean permitted) {
        return new Directive.Join(network, "uid", generation, permitted);
    }

    /** The node gets another address. */
    void move(PublicAddress address) {
        self = new Self(SELF.node(), SELF.uid(), address, null);
        reconciler.become(self, now);
    }

    void observe() {
        store.observe();
        reconciler.look(now);
    }

    /** A comparison, which finds nothing new. */
    void resync() {
        reconciler.resync(now);
    }

    NetworkStatus status() {
        return reconciler.status("demo", now);
    }

    boolean isForgotten() {
        return reconciler.isForgotten();
    }

    /** Does one thing: a crash, the end or the beginning of a hook or a chore, or the passing of time. */
    void step() {
        if (random.nextInt(100) < crashes) {
            crash();
            return;
        }
        if (!survivors.isEmpty() && random.nextInt(10) == 0) {
            kernel.run(survivors.remove(random.nextInt(survivors.size())).invocation());
            return;
        }
        if (!underWay.isEmpty() && random.nextBoolean()) {
            finish(underWay.remove(random.nextInt(underWay.size())));
            return;
        }
        var hook = reconciler.nextHook(now);
        if (hook.isPresent()) {
            begin(hook.get());
            return;
        }
        if (inHand != null) {
            if (random.nextBoolean()) {
                finish(inHand);
            }
            return;
        }
        inHand = reconciler.nextChore(now).orElse(null);
        if (inHand == null && underWay.isEmpty()) {
            now = reconciler.nextAt(now).orElse(now.plusSeconds(1));
        }
    }

    /** What else is under way at that moment has done all of its work, or none. */
    private void crash() {
        if (inHand != null && random.nextBoolean()) {
            var _ = carryOut(inHand);
        }
        restart();
        if (random.nextBoolean()) {
            observe();
        }
    }

    private void finish(Chore chore) {
        inHand = null;
        ChoreResult result = carryOut(chore);
        if (result instanceof ChoreResult.Claimed(ClaimResult.Held(Lease lease))) {
            claimed = lease;
        }
        reconciler.finished(chore, result, now);
        flush();
    }

    /** Does one thing after the other until the agent is about to forget the network. */
    void stepUntilItForgets() {
        while (!(inHand instanceof Chore.Forget)) {
            step();
        }
    }

    private void begin(HookTask task) {
        try {
            reconciler.journal().flush(task.intents());
            Stream.concat(underWay.stream(), survivors.stream())
                    .filter(other -> touchesSame(task, other))
                    .forEach(other ->
                            kernel.offences.add("began " + task.invocation() + " during " + other.invocation()));
            if (task instanceof HookTask.OfNode(NodeTask node)
                    && node.invocation().hook() == Hook.POST_STARTUP) {
                compareWithLease(node.intent());
            }
            underWay.add(task);
        } catch (IOException e) {
            reconciler.notBegun(task, String.valueOf(e.getMessage()), now);
        }
    }

    /** A startup goes on with what it was told that others read of this node, and with nothing else. */
    private void compareWithLease(AppliedStartup startup) {
        if (claimed == null
                || !LeaseClaim.published(claimed, network, self, startup.data()).equals(claimed)) {
            kernel.offences.add("went on with " + startup + " on " + claimed);
        }
    }

    /** Whether both are about one subnet or one node, so that the order of their ends counts. */
    private static boolean touchesSame(HookTask one, HookTask other) {
        return switch (one) {
            case HookTask.OfNode _ ->
                !(one.invocation().hook().isCheck() || other.invocation().hook().isCheck());
            case HookTask.OfPeers(PeerTask task) ->
                task.operations().stream().anyMatch(operation -> touches(operation.peer(), other));
        };
    }

    private static boolean touches(Peer peer, HookTask other) {
        return switch (other) {
            case HookTask.OfNode _ -> !other.invocation().hook().isCheck();
            case HookTask.OfPeers(PeerTask task) ->
                task.operations().stream()
                        .map(PeerOperation::peer)
                        .anyMatch(each -> each.subnet().equals(peer.subnet())
                                || each.node().equals(peer.node()));
        };
    }

    private void finish(HookTask task) {
        HookInvocation invocation = task.invocation();
        ran.add(invocation);
        boolean fails = random.nextInt(100) < failures;
        if (!fails || random.nextBoolean()) {
            kernel.run(invocation);
        } else if (invocation instanceof HookInvocation.ForNode node && node.hook() == Hook.SHUTDOWN) {
            kernel.forgive(node);
        }
        now = now.plusMillis(3);
        Duration took = Duration.ofMillis(3);
        reconciler.finished(
                task,
                fails
                        ? new HookOutcome.Exited(1, "it failed", took)
                        : new HookOutcome.Succeeded("data" + ran.size(), "", took),
                now);
        flush();
    }

    private void flush() {
        try {
            reconciler.journal().flush(List.of());
        } catch (IOException e) {
            // A full disk is a chore from now on.
            return;
        }
    }

    private ChoreResult carryOut(Chore chore) {
        try {
            return switch (chore) {
                case Chore.EndSurvivors(Set<String> runs) -> {
                    endSurvivors(runs);
                    yield new ChoreResult.Done();
                }
                case Chore.Publish _ ->
                    unpublishable.isEmpty() ? new ChoreResult.Done() : new ChoreResult.Troubled(unpublishable);
                case Chore.Claim(ClaimRequest request) -> new ChoreResult.Claimed(claim.claim(request, now));
                case Chore.ConfirmGone(List<Peer> peers) -> new ChoreResult.Gone(store.confirmGone(peers));
                case Chore.Flush() -> {
                    reconciler.journal().flush(List.of());
                    yield new ChoreResult.Done();
                }
                case Chore.Forget(Network _, Lease lease) -> {
                    store.release(lease);
                    reconciler.journal().erase();
                    yield new ChoreResult.Done();
                }
                case Chore.ForgetNothing() -> {
                    reconciler.journal().erase();
                    yield new ChoreResult.Done();
                }
            };
        } catch (IOException e) {
            return new ChoreResult.Troubled(String.valueOf(e.getMessage()));
        }
    }

    /** What was ended has done all of its work, or none. */
    private void endSurvivors(Set<String> runs) {
        survivors.stream()
                .filter(task -> runs.contains(task.run()) && random.nextBoolean())
                .forEach(task -> kernel.run(task.invocation()));
        survivors.removeIf(task -> runs.contains(task.run()));
    }

    /** No more faults, and time enough. */
    void settle() {
        failures = 0;
        crashes = 0;
        store.away = false;
        journal.full = false;
        run(1500);
        boolean setAside =
                journal.state.peers().values().stream().anyMatch(peer -> peer.state() == AppliedPeer.State.SET_ASIDE);
        if (setAside) {
            // The next agent tries it again; nobody else would.
            restart();
            run(1500);
        }
    }

    private void run(int steps) {
        for (int i = 0; i < steps; i++) {
            if (i % 100 == 0) {
                observe();
            }
            step();
        }
        while (!underWay.isEmpty()) {
            finish(underWay.removeFirst());
        }
        if (inHand != null) {
            finish(inHand);
        }
    }

    /** What should be there, by the leases. */
    Map<String, Peer> wanted() {
        var peers = new TreeMap<String, Peer>();
        for (Lease lease : store.truth.values()) {
            if (!lease.node().equals(SELF.node())) {
                peers.put(
                        lease.subnet().toString(),
                        new Peer(lease.subnet(), lease.publicAddress(), lease.node(), lease.backendData()));
            }
        }
        return peers;
    }

    /** What is there and should not be, once the node is up as it is wanted by now. */
    Set<String> leftovers() {
        return kernel.leftovers(Objects.requireNonNull(network.commands().postStartup()));
    }

    static final HookRunner NO_RUNNER = new HookRunner() {
        @Override
        public HookOutcome run(HookRun run) {
            throw new AssertionError("the simulation runs hooks itself");
        }

        @Override
        public void endSurvivors(Set<String> runs) {}
    };

    static final Publication NO_PUBLICATION = new Publication() {
        @Override
        public void publish(Network network, Subnet subnet) {}

        @Override
        public void withdraw(Network network) {}
    };
}

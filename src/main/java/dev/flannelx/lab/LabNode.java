package dev.flannelx.lab;

import dev.flannelx.hook.HookInvocation;
import dev.flannelx.hook.HookOutcome;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Cidr;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.lease.Subnet;
import dev.flannelx.network.Network;
import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.NetworkStatus;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.ReconcileObserver;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node of the lab: its network, a pod behind it, and an agent as on a real node. */
final class LabNode implements AutoCloseable {
    private final String name;
    private final LabSettings settings;
    private final ControlPlane controlPlane;
    private final Consumer<HookRecord> recorder;
    private final Runnable changed;
    private final Namespace namespace;
    private final Namespace pod;
    /** Its end of the wire to the bridge. */
    private final String port;

    private final PublicAddress publicAddress;
    private final LabMachine machine;
    private final Random random;
    private @Nullable Subnet published;
    private ControlPlane.@Nullable Agent agent;

    /** Makes the node, with its network and without an agent. */
    LabNode(
            int number,
            LabSettings settings,
            ControlPlane controlPlane,
            Consumer<HookRecord> recorder,
            Runnable changed)
            throws IOException {
        this.name = "node" + number;
        this.settings = settings;
        this.controlPlane = controlPlane;
        this.recorder = recorder;
        this.changed = changed;
        this.random = new Random(settings.seed() + number);
        this.publicAddress = new PublicAddress(
                Address.parse("192.0.2." + number).orElseThrow(),
                Address.parse("2001:db8::" + Integer.toHexString(number)).orElseThrow());
        String unique = settings.instance() + "-" + name;
        namespace = Namespace.create(unique);
        pod = Namespace.create(unique + "-pod");
        port = "n" + settings.instance() + "x" + number;
        connect();
        Path directory = Namespace.SHARED.resolve(unique);
        Files.createDirectories(directory);
        machine = new LabMachine(
                name,
                publicAddress,
                PodCidrs.of(settings.network(), number),
                directory,
                namespace.network(),
                namespace::enter);
        controlPlane.register(machine);
    }

    private void connect() throws IOException {
        Commands.run(List.of("ip", "-batch", "-"), """
                link add %s type veth peer name eth0 netns %d
                link set %s master %s up
                """.formatted(port, namespace.pid(), port, LabCluster.BRIDGE));
        namespace.ip(
                "addr add " + publicAddress.ipv4() + "/24 dev eth0",
                "addr add " + publicAddress.ipv6() + "/64 dev eth0 nodad",
                "link set eth0 up",
                "route add default via 192.0.2.254",
                "link add pod0 type veth peer name eth0 netns " + pod.pid());
    }

    String name() {
        return name;
    }

    PublicAddress publicAddress() {
        return publicAddress;
    }

    List<String> enterPod() {
        return pod.enter();
    }

    /** The pod's address of a family, once the node has a subnet of it. */
    synchronized Optional<Address> podAddress(Family family) {
        return Optional.ofNullable(published).stream()
                .flatMap(subnet -> subnet.families().stream())
                .filter(cidr -> cidr.family() == family)
                .map(cidr -> cidr.address().plus(BigInteger.TWO))
                .findFirst();
    }

    /** Starts an agent on what the last one left. */
    void startAgent() throws IOException {
        UnaryOperator<HookRunner> runner = settings.flaky()
                ? hooks -> new FlakyHookRunner(hooks, random.nextLong(), settings.canRemove())
                : UnaryOperator.identity();
        agent = controlPlane.start(machine, new Attachments(runner, new PodPublication(), new Recorder(), random));
    }

    Optional<NetworkStatus> status() {
        return Optional.ofNullable(agent).flatMap(ControlPlane.Agent::status);
    }

    /** Ends the agent as kill -9 would, its hooks too; what it built stays. */
    void killAgent() {
        if (agent != null) {
            agent.kill();
            agent = null;
        }
    }

    /** Ends the agent between two hooks; what it built stays. */
    void stopAgent() {
        if (agent != null) {
            agent.stop();
            agent = null;
        }
    }

    /**
     * Takes the node away. The kernel takes its time to let go of a namespace: the wire is cut first, since other nodes
     * come with the same addresses.
     */
    @Override
    public void close() throws IOException {
        killAgent();
        Commands.result(List.of("ip", "link", "del", port), "");
        pod.close();
        namespace.close();
    }

    private final class Recorder implements ReconcileObserver {
        @Override
        public void hookFinished(HookInvocation invocation, HookOutcome outcome, int attempt) {
            recorder.accept(HookRecord.of(name, invocation, outcome, attempt));
        }

        @Override
        public void changed() {
            changed.run();
        }
    }

    /** Gives the pod its address, the second of the subnet; the first is the node's end, as with a CNI bridge. */
    private final class PodPublication implements Publication {
        @Override
        public void publish(Network network, Subnet subnet) throws IOException {
            synchronized (LabNode.this) {
                if (!isOurs(network) || subnet.equals(published)) {
                    return;
                }
            }
            var node = new ArrayList<>(List.of("addr flush dev pod0", "link set pod0 up"));
            var inPod = new ArrayList<>(List.of("addr flush dev eth0", "link set eth0 up"));
            for (Cidr cidr : subnet.families()) {
                Address gateway = cidr.address().plus(BigInteger.ONE);
                Address address = cidr.address().plus(BigInteger.TWO);
                String nodad = cidr.family() == Family.IPV6 ? " nodad" : "";
                node.add("addr add " + gateway + "/" + cidr.prefixLength() + " dev pod0" + nodad);
                inPod.add("addr add " + address + "/" + cidr.prefixLength() + " dev eth0" + nodad);
                inPod.add("route add default via " + gateway + " dev eth0");
            }
            namespace.ip(node.toArray(String[]::new));
            pod.ip(inPod.toArray(String[]::new));
            synchronized (LabNode.this) {
                published = subnet;
            }
        }

        @Override
        public void withdraw(Network network) {
            synchronized (LabNode.this) {
                published = isOurs(network) ? null : published;
            }
        }

        /** An agent may have to do with other networks too. */
        private boolean isOurs(Network network) {
            return network.name().equals(settings.network().name());
        }
    }
}

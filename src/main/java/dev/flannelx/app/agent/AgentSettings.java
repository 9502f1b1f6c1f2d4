package dev.flannelx.app.agent;

import dev.flannelx.host.HostPublication.Places;
import dev.flannelx.lease.PublicAddress;
import dev.flannelx.reconcile.HookRunner;
import dev.flannelx.reconcile.Publication;
import dev.flannelx.reconcile.ReconcileObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told.
 *
 * @param node the Node that it works for
 * @param version of the program
 */
public record AgentSettings(String node, String version, Machine machine, Choices choices, Additions additions) {
    /** An agent of the machine that this process runs on. */
    public static AgentSettings of(String node, String version, Places places, Choices choices) {
        return new AgentSettings(node, version, Machine.own(places), choices, Additions.NONE);
    }

    /**
     * The machine that an agent is to set up.
     *
     * @param networkNamespace the file that stands for its network
     * @param enter of a directory makes the words that run a program there, in the machine; none for this process's own
     */
    public record Machine(Places places, Path networkNamespace, Function<Path, List<String>> enter) {
        static Machine own(Places places) {
            return new Machine(places, Path.of("/proc/self/ns/net"), _ -> List.of());
        }
    }

    /**
     * What a person chose.
     *
     * @param publicAddress of this node; what is null is found out
     * @param primaryNetwork the one that speaks for the node, or null: the oldest
     * @param allowedCommands the file that lists them, or null: all are
     * @param moveOnSubnetLost whether a node whose subnet has become another's takes a new one
     * @param masquerade whether packets that leave a network get the node's address
     * @param grace how long hooks under way may take when the agent is told to end
     */
    public record Choices(
            PublicAddress publicAddress,
            @Nullable String primaryNetwork,
            @Nullable Path allowedCommands,
            boolean moveOnSubnetLost,
            boolean masquerade,
            Duration grace) {
        /** Less than what the DaemonSet gives the pod to end in. */
        public static final Duration USUAL_GRACE = Duration.ofSeconds(32);

        public static final Choices DEFAULT = new Choices(PublicAddress.NONE, null, null, false, false, USUAL_GRACE);

        public Choices withPublicAddress(PublicAddress newAddress) {
            return new Choices(newAddress, primaryNetwork, allowedCommands, moveOnSubnetLost, masquerade, grace);
        }

        public Choices withPrimaryNetwork(@Nullable String newNetwork) {
            return new Choices(publicAddress, newNetwork, allowedCommands, moveOnSubnetLost, masquerade, grace);
        }

        public Choices withGrace(Duration newGrace) {
            return new Choices(publicAddress, primaryNetwork, allowedCommands, moveOnSubnetLost, masquerade, newGrace);
        }
    }

    /** What others make of an agent's parts: those of a test, or of the lab. */
    public record Additions(
            UnaryOperator<HookRunner> hooks,
            UnaryOperator<Publication> publication,
            UnaryOperator<ReconcileObserver> observer) {
        public static final Additions NONE =
                new Additions(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }
}

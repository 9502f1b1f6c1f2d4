package dev.flannelx.reconcile;

import dev.flannelx.network.BackendSettings;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What people and the operator do to a network, and what becomes of the node, at random. */
final class Edits {
    private final Simulation simulation;
    private final Random random;
    private int count;

    Edits(Simulation simulation) {
        this.simulation = simulation;
        random = simulation.random;
    }

    /** Makes one. */
    void make() {
        switch (random.nextInt(6)) {
            case 0 -> simulation.move(Simulation.address(200 + random.nextInt(5)));
            case 1 -> simulation.tearDown();
            case 2 -> simulation.hold();
            default -> {
                count++;
                simulation.generation++;
                simulation.network = changed(simulation.network);
                if (random.nextInt(4) == 0) {
                    simulation.wantLater();
                } else {
                    simulation.want();
                }
            }
        }
    }

    private Network changed(Network network) {
        HookCommands old = network.commands();
        return switch (random.nextInt(6)) {
            case 0, 1 -> network.withCommands(with(old, "pre " + count, "post " + count, "shutdown " + count));
            case 2 ->
                network.withCommands(with(old, old.preStartup(), old.postStartup(), old.shutdown() + " " + count));
            case 3 -> network.withCommands(withPeers(old));
            case 4 -> network.withSettings(settings(network.settings()));
            default -> network;
        };
    }

    private static HookCommands with(
            HookCommands old, @Nullable String preStartup, @Nullable String postStartup, String shutdown) {
        return new HookCommands(
                preStartup,
                postStartup,
                old.subnetAdd(),
                old.subnetRemove(),
                shutdown,
                old.subnetCheck(),
                old.startupCheck(),
                old.subnetBatch());
    }

    private HookCommands withPeers(HookCommands old) {
        return new HookCommands(
                old.preStartup(),
                old.postStartup(),
                renamed(old.subnetAdd()),
                renamed(old.subnetRemove()),
                old.shutdown(),
                renamed(old.subnetCheck()),
                renamed(old.startupCheck()),
                renamed(old.subnetBatch()));
    }

    private @Nullable String renamed(@Nullable String command) {
        return command == null ? null : command.split(" ", -1)[0] + " " + count;
    }

    private BackendSettings settings(BackendSettings old) {
        return new BackendSettings(
                old.timeout(),
                Duration.ofSeconds(30 + random.nextInt(60)),
                1 + random.nextInt(4),
                old.retryInitialDelay(),
                old.retryMaxDelay(),
                null,
                0);
    }
}

package dev.flannelx.lab;

import dev.flannelx.lease.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What a run of the lab is given, and what it gathers. */
final class LabRun {
    private final int nodes;
    private final Random random;
    private final Consumer<String> progress;
    private final List<HookRecord> hooks = new ArrayList<>();
    private List<Lease> leases = List.of();
    private List<Ping> pings = List.of();

    /**
     * A run that has not begun.
     *
     * @param progress is told what goes on, a line at a time
     */
    LabRun(int nodes, long seed, Consumer<String> progress) {
        this.nodes = nodes;
        this.random = new Random(seed);
        this.progress = progress;
    }

    int nodes() {
        return nodes;
    }

    Random random() {
        return random;
    }

    void say(String line) {
        progress.accept(line);
    }

    synchronized void record(HookRecord record) {
        hooks.add(record);
    }

    synchronized List<HookRecord> hooks() {
        return List.copyOf(hooks);
    }

    /** The network as a scenario has it settled; the first one stays in the report. */
    void show(List<Lease> settledLeases, List<Ping> settledPings) {
        if (leases.isEmpty()) {
            leases = List.copyOf(settledLeases);
            pings = List.copyOf(settledPings);
        }
    }

    List<Lease> leases() {
        return leases;
    }

    List<Ping> pings() {
        return pings;
    }
}

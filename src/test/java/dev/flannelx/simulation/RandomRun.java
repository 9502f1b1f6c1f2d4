package dev.flannelx.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Nodes, people, the network and the API server do what they like for a while; then everybody behaves, and a little later
 * everything must be as it should. Again and again.
 */
final class RandomRun implements AutoCloseable {
    /** So many steps, and everybody behaves. */
    private static final int REST_EVERY = 50;
    /** So many steps, and the operator must have said how that came out: it says so with a delay. */
    private static final int REPORT_EVERY = 500;

    private final long seed;
    private final SimulatedCluster cluster;
    private final Steps steps;
    private final Quiet quiet;

    /** @param folder for the files of nodes */
    RandomRun(int nodes, long seed, Path folder) {
        this.seed = seed;
        cluster = new SimulatedCluster(nodes, seed, folder);
        steps = new Steps(cluster, new Random(seed));
        quiet = new Quiet(cluster);
    }

    /**
     * Takes so many steps, with a rest after every few and at the end.
     *
     * @param progress hears at each rest what was done since the last
     */
    void run(int count, Consumer<String> progress) throws IOException, InterruptedException {
        var taken = new ArrayList<String>();
        try {
            cluster.startNodes();
            cluster.compareOften();
            cluster.operators().forEach(SimulatedOperator::start);
            for (int step = 1; step <= count; step++) {
                taken.add(steps.take());
                if (step % REST_EVERY == 0 || step == count) {
                    boolean report = step % REPORT_EVERY == 0 || step == count;
                    String done = rest(report);
                    progress.accept("step %d of %d: %s".formatted(step, count, done));
                    taken.clear();
                }
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed %d, after %s, recorded in %s: %s".formatted(seed, taken, keep(), e.getMessage()), e);
        }
    }

    private String rest(boolean report) throws IOException, InterruptedException {
        steps.behave();
        cluster.nodes().forEach(SimulatedNode::compare);
        List<SimulatedNode> robbed = quiet.await();
        if (!robbed.isEmpty()) {
            // What a person would do: the subnet's owner gets it back, or another one.
            steps.chaseThieves();
            for (SimulatedNode node : robbed) {
                node.reboot();
                node.start();
            }
            assertThat(quiet.await()).isEmpty();
        }
        if (report) {
            quiet.awaitReport();
        }
        return quiet.judge();
    }

    private Path keep() throws IOException {
        Path file = Path.of("target", "recording-" + seed + ".txt");
        Files.write(
                file, cluster.recording().all().stream().map(Object::toString).toList());
        return file;
    }

    @Override
    public void close() {
        cluster.close();
    }
}

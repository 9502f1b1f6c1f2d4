package dev.flannelx.bench;

import dev.flannelx.lab.Sandbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code make bench} runs: the benches that are named, or all. A new one is a line in {@link #ALL}. */
public final class Benches {
    private static final List<Bench> ALL = List.of(
            new HookBench(),
            new BadPeerBench(),
            new FootprintBench(),
            new StartupBench(),
            new MetricsBench(),
            new FlanneldBench(),
            new JoinBench(),
            new RequestBench(),
            new AgentBench());

    /** Makes this program measure, instead of starting a JVM that does. */
    private static final String MEASURE = "--measure";

    private Benches() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Bench> byName = new LinkedHashMap<>();
        ALL.forEach(bench -> byName.put(bench.name(), bench));
        if (arguments.length == 2 && arguments[0].equals(MEASURE)) {
            measure(byName.get(arguments[1]));
            return;
        }
        List<String> chosen = arguments.length == 0 ? List.copyOf(byName.keySet()) : Arrays.asList(arguments);
        for (String name : chosen) {
            if (!byName.containsKey(name)) {
                System.err.println("bench " + name + " is unknown: want some of " + byName.keySet());
                System.exit(2);
            }
        }
        boolean failed = false;
        for (String name : chosen) {
            failed |= start(byName.get(name)) != 0;
        }
        System.exit(failed ? 1 : 0);
    }

    private static void measure(Bench bench) throws Exception {
        if (Sandbox.isInside()) {
            Sandbox.endWithMaker();
        }
        System.out.println(bench.name() + ": " + bench.title());
        bench.run(System.out);
        System.out.println();
        System.exit(0);
    }

    private static int start(Bench bench) throws IOException, InterruptedException {
        var line = new ArrayList<>(Jvm.command(bench.heap()));
        line.addAll(List.of("-cp", bench.classPath(), Benches.class.getName(), MEASURE, bench.name()));
        return bench.inSandbox()
                ? Sandbox.run(line)
                : new ProcessBuilder(line).inheritIO().start().waitFor();
    }
}

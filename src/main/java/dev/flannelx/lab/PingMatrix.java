package dev.flannelx.lab;

import dev.flannelx.ip.Family;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Pings between all pods, in every family that the network has.
 *
 * <p>No two pods ping each other at the same time. Two ends of a WireGuard tunnel that begin at once may each forget its
 * own handshake over the other's; they try again after five seconds, and on a busy machine may well do so at once again.
 */
final class PingMatrix {
    private static final int AT_ONCE = 8;
    /** A first packet may be lost to address resolution, and a handshake is tried again after five seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final long end;
    private final Map<Pair, Ping> answers = new HashMap<>();

    private PingMatrix(long end) {
        this.end = end;
    }

    private record Pair(LabNode from, LabNode to, Family family) {}

    /**
     * Pings from every node to every other one, trying again for a while where there is no answer.
     *
     * @param end when to try no more, by {@link System#nanoTime}
     */
    static List<Ping> of(List<LabNode> nodes, long end) throws IOException {
        var matrix = new PingMatrix(end);
        var there = new ArrayList<Pair>();
        var back = new ArrayList<Pair>();
        for (Pair pair : pairs(nodes)) {
            boolean first = nodes.indexOf(pair.from()) < nodes.indexOf(pair.to());
            (first ? there : back).add(pair);
        }
        matrix.ping(there);
        matrix.ping(back);
        return pairs(nodes).stream().map(matrix.answers::get).toList();
    }

    private static List<Pair> pairs(List<LabNode> nodes) {
        var pairs = new ArrayList<Pair>();
        for (LabNode from : nodes) {
            for (LabNode to : nodes) {
                for (Family family : from == to ? List.<Family>of() : Ping.families(from)) {
                    pairs.add(new Pair(from, to, family));
                }
            }
        }
        return pairs;
    }

    private void ping(List<Pair> pairs) throws IOException {
        var pings = new HashMap<Pair, Future<Ping>>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            pairs.forEach(pair -> pings.put(pair, pool.submit(() -> answered(pair))));
        }
        for (Map.Entry<Pair, Future<Ping>> ping : pings.entrySet()) {
            try {
                answers.put(ping.getKey(), ping.getValue().get());
            } catch (ExecutionException e) {
                throw new IOException("ping could not be run", e);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    private Ping answered(Pair pair) throws IOException {
        long start = System.nanoTime();
        while (true) {
            Ping ping = Ping.send(pair.from(), pair.to(), pair.family());
            long now = System.nanoTime();
            if (ping.ok() || now - start >= PATIENCE.toNanos() || now >= end) {
                return ping;
            }
        }
    }
}

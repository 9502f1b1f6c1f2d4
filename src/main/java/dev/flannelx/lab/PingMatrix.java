package dev.flannelx.lab;

import dev.flannelx.ip.Family;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pings between all pods, in every family that the network has. */
final class PingMatrix {
    private static final int AT_ONCE = 8;
    /**
     * A first packet may be lost to address resolution; and two ends of a WireGuard tunnel that begin at once may each
     * forget its own handshake over the other's, and try again only after 5 seconds.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private PingMatrix() {}

    /**
     * Pings from every node to every other one, trying again for a while where there is no answer.
     *
     * @param end when to try no more, by {@link System#nanoTime}
     */
    static List<Ping> of(List<LabNode> nodes, long end) throws IOException {
        var pings = new ArrayList<Future<Ping>>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            for (LabNode from : nodes) {
                for (LabNode to : nodes) {
                    for (Family family : from == to ? List.<Family>of() : Ping.families(from)) {
                        pings.add(pool.submit(() -> answered(from, to, family, end)));
                    }
                }
            }
        }
        var results = new ArrayList<Ping>();
        for (Future<Ping> ping : pings) {
            try {
                results.add(ping.get());
            } catch (ExecutionException e) {
                throw new IOException("ping could not be run", e);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        return results;
    }

    private static Ping answered(LabNode from, LabNode to, Family family, long end) throws IOException {
        long start = System.nanoTime();
        while (true) {
            Ping ping = Ping.send(from, to, family);
            long now = System.nanoTime();
            if (ping.ok() || now - start >= PATIENCE.toNanos() || now >= end) {
                return ping;
            }
        }
    }
}

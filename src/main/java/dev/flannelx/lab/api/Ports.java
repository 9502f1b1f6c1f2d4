package dev.flannelx.lab.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback for servers that have to be told one. They lie below those that the kernel gives to whoever connects
 * (from 32768 on, by ip(7)): one of these may be taken again before a server has it, or while it is restarted.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    static final int COUNT = 20_000;

    /** Begins anywhere, since others on this machine may look for some too. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports() {}

    /**
     * One that nobody listens at, another one at each call.
     *
     * @throws IOException if there is none
     */
    public static int free() throws IOException {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port from %d to %d is free".formatted(FIRST, FIRST + COUNT - 1));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

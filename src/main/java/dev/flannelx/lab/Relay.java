package dev.flannelx.lab;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Connects who connects here to there, until this process ends. One from a port to a unix domain socket outside of a
 * {@link Sandbox}, and one from that to a port inside, lead into its network: such a socket is found by its path, whatever
 * network a process is in.
 */
public final class Relay implements AutoCloseable {
    private static final int PIECE = 16 * 1024;

    private final ServerSocketChannel here;
    private final SocketAddress there;

    private Relay(ServerSocketChannel here, SocketAddress there) {
        this.here = here;
        this.there = there;
    }

    /**
     * Listens.
     *
     * @param here the address to listen at; port 0 stands for any that is free
     * @throws IOException if it cannot be listened at
     */
    public static Relay listen(SocketAddress here, SocketAddress there) throws IOException {
        var relay = new Relay(ServerSocketChannel.open(family(here)).bind(here), there);
        Thread.ofPlatform().daemon().name("relay").start(relay::accept);
        return relay;
    }

    /** Where it listens. */
    public SocketAddress address() throws IOException {
        return here.getLocalAddress();
    }

    private static ProtocolFamily family(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
    }

    private void accept() {
        while (here.isOpen()) {
            try {
                SocketChannel caller = here.accept();
                Thread.ofVirtual().start(() -> connect(caller));
            } catch (IOException e) {
                // Closed, or the caller is gone already.
            }
        }
    }

    private void connect(SocketChannel caller) {
        try (caller;
                SocketChannel called = SocketChannel.open(family(there))) {
            called.connect(there);
            Thread back = Thread.ofVirtual().start(() -> carry(called, caller));
            carry(caller, called);
            back.join();
        } catch (IOException e) {
            // Nobody there: the caller sees its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void carry(SocketChannel from, SocketChannel to) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try {
            while (from.read(piece.clear()) >= 0) {
                piece.flip();
                while (piece.hasRemaining()) {
                    to.write(piece);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    @Override
    public void close() throws IOException {
        here.close();
    }
}

package dev.flannelx.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RelayIT {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path directory;

    @Test
    void carriesBothWaysAndTellsTheEndOfEither() throws Exception {
        byte[] question = bytes(3_000_000, 1);
        byte[] answer = bytes(2_000_000, 2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Relay inner = Relay.listen(socket(), server.getLocalSocketAddress());
                Relay outer = Relay.listen(ANYWHERE, inner.address())) {
            Future<byte[]> heard = threads.submit(() -> answer(server, answer));
            try (Socket caller = connect(outer)) {
                Future<?> sent = threads.submit(() -> send(caller, question));

                assertThat(Arrays.equals(caller.getInputStream().readAllBytes(), answer))
                        .isTrue();
                sent.get();
            }
            assertThat(Arrays.equals(heard.get(), question)).isTrue();
        }
    }

    @Test
    void closesTheConnectionWhereNobodyIsThere() throws IOException {
        try (Relay relay = Relay.listen(ANYWHERE, socket());
                Socket caller = connect(relay)) {
            assertThat(caller.getInputStream().read()).isNegative();
        }
    }

    private UnixDomainSocketAddress socket() {
        return UnixDomainSocketAddress.of(directory.resolve("socket"));
    }

    private static Socket connect(Relay relay) throws IOException {
        var there = (InetSocketAddress) relay.address();
        return new Socket(there.getAddress(), there.getPort());
    }

    /** Hears a question to its end before it says a word. */
    private static byte[] answer(ServerSocket server, byte[] answer) throws IOException {
        try (Socket called = server.accept();
                InputStream in = called.getInputStream();
                OutputStream out = called.getOutputStream()) {
            byte[] question = in.readAllBytes();
            out.write(answer);
            return question;
        }
    }

    private static boolean send(Socket caller, byte[] question) throws IOException {
        caller.getOutputStream().write(question);
        caller.shutdownOutput();
        return true;
    }

    private static byte[] bytes(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}

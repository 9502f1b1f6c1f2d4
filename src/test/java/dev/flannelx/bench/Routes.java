package dev.flannelx.bench;

import dev.flannelx.network.Decoded;
import dev.flannelx.network.HookCommands;
import dev.flannelx.network.Network;
import dev.flannelx.network.NetworkFile;
import dev.flannelx.network.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Routes to peers in this process's network namespace, and how a shell makes them. */
final class Routes {
    private static final Path EXAMPLES = Path.of("src/examples");

    private Routes() {}

    /** Gives this network namespace an interface that the peers of an {@link Engine} are behind. */
    static void makeUplink() throws IOException {
        sh("""
                ip link set lo up
                ip link add eth0 type veth peer name eth1
                ip address add 172.16.255.254/16 dev eth0
                ip link set eth1 up
                ip link set eth0 up
                """, Map.of());
    }

    /** A network with the peer commands of an example and room for thousands of peers. */
    static Network example(String file, int parallelism) throws IOException {
        String text = Files.readString(EXAMPLES.resolve(file));
        if (NetworkFile.parse(text, "example") instanceof NetworkFile.Parsed.Found(NetworkFile found)
                && found.decode() instanceof Decoded.Valid(Network network)) {
            HookCommands.PeerCommands peers = network.commands().peers();
            return Specs.whole("""
                            network: 10.0.0.0/8
                            backend: {type: extension, parallelism: %d, subnetAddCommand: replaced}
                            """.formatted(parallelism))
                    .withCommands(
                            new HookCommands(null, null, peers.add(), peers.remove(), null, null, null, peers.batch()));
        }
        throw new IllegalStateException(file + " holds no valid network");
    }

    static void flush() throws IOException {
        sh("ip route flush root 10.0.0.0/8", Map.of());
    }

    /**
     * Checks that there are so many.
     *
     * @throws IOException if there are not
     */
    static void requireCount(int count) throws IOException {
        sh("test \"$(ip route show root 10.0.0.0/8 | wc -l)\" = " + count, Map.of());
    }

    /** How many routes of any kind there are: all that comes and goes are those of peers. Costs little to ask. */
    static int count() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/net/fib_triestat"))) {
            if (line.strip().startsWith("Prefixes:")) {
                return Integer.parseInt(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("the kernel does not count its routes");
    }

    /** Puts something in the way of a route to that peer. */
    static void block(int number) throws IOException {
        sh("ip route add blackhole $SUBNET", subnet(number));
    }

    static void unblock(int number) throws IOException {
        sh("ip route del blackhole $SUBNET", subnet(number));
    }

    /** Whether there is a route to that peer. */
    static boolean reaches(int number) throws IOException {
        return line("ip route show exact " + Engine.subnet(number)).contains("via");
    }

    private static Map<String, String> subnet(int number) {
        return Map.of("SUBNET", Engine.subnet(number).toString());
    }

    /** Makes routes to so many peers by a command for each, as a shell would; tells how long that took. */
    static long loop(int peers, Network network) throws IOException {
        flush();
        String list = IntStream.rangeClosed(1, peers)
                .mapToObj(number -> Engine.subnet(number).ipv4() + " "
                        + Engine.address(number).ipv4() + "\n")
                .collect(Collectors.joining());
        Path file = Files.createTempFile("peers", null);
        Files.writeString(file, list);
        String command = Objects.requireNonNull(network.commands().peers().add());
        long start = System.nanoTime();
        sh("""
                export SUBNET PUBLIC_IP
                while read -r SUBNET PUBLIC_IP; do
                    sh -c "$COMMAND" || exit
                done <"$PEERS"
                """, Map.of("COMMAND", command, "PEERS", file.toString()));
        long took = System.nanoTime() - start;
        Files.delete(file);
        requireCount(peers);
        return took;
    }

    /** What a command prints, in a line. */
    static String line(String command) throws IOException {
        try (var reader = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .inputReader()) {
            return reader.readAllAsString().strip();
        }
    }

    static void sh(String script, Map<String, String> variables) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", script).inheritIO();
        builder.environment().putAll(variables);
        try {
            int exitCode = builder.start().waitFor();
            if (exitCode != 0) {
                throw new IOException("exit code " + exitCode + " of " + script);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}

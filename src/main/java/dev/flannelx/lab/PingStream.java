package dev.flannelx.lab;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pings that go on between pods while something happens, and tell afterwards which were lost. */
final class PingStream implements AutoCloseable {
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted");
    private static final Pattern ANSWER = Pattern.compile("icmp_seq=(\\d+) ttl=");
    private static final String INTERVAL_SECONDS = "0.2";
    /** Those of the last second may be answered yet when the stream ends. */
    private static final int IN_FLIGHT = 5;

    private record Stream(String name, Process process, Path output) {}

    private final List<Stream> streams = new ArrayList<>();

    /** Starts one between every two of the nodes. */
    static PingStream between(List<LabNode> nodes) throws IOException {
        var streams = new PingStream();
        for (LabNode from : nodes) {
            for (LabNode to : nodes) {
                for (Family family : from == to ? List.<Family>of() : Ping.families(from)) {
                    streams.start(from, to, family);
                }
            }
        }
        return streams;
    }

    private void start(LabNode from, LabNode to, Family family) throws IOException {
        Optional<Address> target = to.podAddress(family);
        if (target.isPresent()) {
            List<String> argv = Commands.concat(
                    from.enterPod(),
                    "ping",
                    "-n",
                    "-i",
                    INTERVAL_SECONDS,
                    target.get().toString());
            Path output = Files.createTempFile(Namespace.SHARED, "ping", null);
            streams.add(new Stream(
                    from.name() + " to " + to.name(),
                    new ProcessBuilder(argv)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start(),
                    output));
        }
    }

    /**
     * Ends them.
     *
     * @return a line for each that lost something; empty if none did
     */
    List<String> stop() throws IOException {
        for (Stream stream : streams) {
            // ping tells its sums on SIGINT.
            Commands.run(List.of("kill", "-INT", String.valueOf(stream.process().pid())), "");
        }
        var losses = new ArrayList<String>();
        for (Stream stream : streams) {
            try {
                stream.process().waitFor();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            loss(Files.readString(stream.output())).ifPresent(loss -> losses.add(stream.name() + ": " + loss));
        }
        return losses;
    }

    /** What was lost, going by all that a ping said; those that may still be on their way are not counted. */
    static Optional<String> loss(String output) {
        Matcher summary = SUMMARY.matcher(output);
        if (!summary.find()) {
            return Optional.of("ping failed: " + output.strip());
        }
        var lost = new BitSet();
        lost.set(1, Math.max(1, Integer.parseInt(summary.group(1)) - IN_FLIGHT + 1));
        ANSWER.matcher(output).results().forEach(answer -> lost.clear(Integer.parseInt(answer.group(1))));
        return lost.isEmpty() ? Optional.empty() : Optional.of("lost " + lost + " of " + summary.group(1));
    }

    @Override
    public void close() {
        streams.forEach(stream -> stream.process().destroyForcibly());
    }
}

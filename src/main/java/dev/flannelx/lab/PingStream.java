package dev.flannelx.lab;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pings that go on between pods while something happens, and tell afterwards how many were lost. */
final class PingStream implements AutoCloseable {
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");
    /** The last one sent may have no answer yet when the stream ends. */
    private static final int IN_FLIGHT = 1;

    private static final String INTERVAL_SECONDS = "0.2";

    private record Stream(String name, Process process) {}

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
                    "-q",
                    "-i",
                    INTERVAL_SECONDS,
                    target.get().toString());
            streams.add(new Stream(
                    from.name() + " to " + to.name(),
                    new ProcessBuilder(argv).redirectErrorStream(true).start()));
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
            String output = new String(stream.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher summary = SUMMARY.matcher(output);
            if (!summary.find()) {
                losses.add(stream.name() + ": " + output.strip());
            } else if (Integer.parseInt(summary.group(1)) - Integer.parseInt(summary.group(2)) > IN_FLIGHT) {
                losses.add(stream.name() + ": " + summary.group());
            }
        }
        return losses;
    }

    @Override
    public void close() {
        streams.forEach(stream -> stream.process().destroyForcibly());
    }
}

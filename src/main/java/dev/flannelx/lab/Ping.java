package dev.flannelx.lab;

import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A ping from one node's pod to another's.
 *
 * @param rttMillis null where there was no answer
 */
record Ping(String from, String to, Family family, @Nullable Double rttMillis) {
    private static final Pattern TIME = Pattern.compile("time=([0-9.]+) ms");

    boolean ok() {
        return rttMillis != null;
    }

    /** Sends one, and waits a second at most for the answer. */
    static Ping send(LabNode from, LabNode to, Family family) throws IOException {
        Optional<Address> target = to.podAddress(family);
        if (target.isEmpty()) {
            return new Ping(from.name(), to.name(), family, null);
        }
        Commands.Result result = Commands.result(
                Commands.concat(
                        from.enterPod(),
                        "ping",
                        "-n",
                        "-c",
                        "1",
                        "-W",
                        "1",
                        target.get().toString()),
                "");
        Matcher time = TIME.matcher(result.output());
        boolean answered = result.exitCode() == 0 && time.find();
        return new Ping(from.name(), to.name(), family, answered ? Double.valueOf(time.group(1)) : null);
    }

    /** The families in which two nodes can be asked. */
    static List<Family> families(LabNode node) {
        return List.of(Family.IPV4, Family.IPV6).stream()
                .filter(family -> node.podAddress(family).isPresent())
                .toList();
    }
}

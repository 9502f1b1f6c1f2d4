package dev.flannelx.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace with a mount namespace of its own, kept by a sleeping process: its {@code /sys} shows its own
 * interfaces, and its {@code /run} is its own but for {@code /run/lab}, which all share.
 */
final class Namespace implements AutoCloseable {
    static final Path SHARED = Path.of("/run/lab");
    private static final String READY = "ready";

    private final Process holder;

    private Namespace(Process holder) {
        this.holder = holder;
    }

    /**
     * Makes one.
     *
     * @param name used once
     * @throws IOException if the kernel refuses
     */
    static Namespace create(String name) throws IOException {
        String own = "/run/nodes/" + name;
        String script = "mkdir -p " + own + "/lab && mount --bind " + SHARED + " " + own + "/lab && mount --rbind "
                + own + " /run && mount -t sysfs sysfs /sys && ip link set lo up"
                + " && echo 1 > /proc/sys/net/ipv4/ip_forward"
                + " && for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done"
                + " && if [ -e /proc/sys/net/ipv6/conf/all/forwarding ]; then"
                + " echo 1 > /proc/sys/net/ipv6/conf/all/forwarding;"
                + " echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; fi"
                + " && echo " + READY + " && exec sleep infinity";
        Process holder = new ProcessBuilder("unshare", "-n", "-m", "sh", "-c", script)
                .redirectErrorStream(true)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!READY.equals(line)) {
            holder.destroyForcibly();
            throw new IOException("no namespace for " + name + ": " + line);
        }
        return new Namespace(holder);
    }

    long pid() {
        return holder.pid();
    }

    /** The file that stands for its network. */
    Path network() {
        return network(holder.pid());
    }

    private static Path network(long pid) {
        return Path.of("/proc", String.valueOf(pid), "ns", "net");
    }

    /** The words that make a program run in it. */
    List<String> enter() {
        return List.of("nsenter", "-t", String.valueOf(holder.pid()), "-n", "-m");
    }

    /** The same, in a directory below {@link #SHARED}. */
    List<String> enter(Path directory) {
        return Commands.concat(enter(), "--wd=" + directory, "--");
    }

    /** Runs lines of {@code ip -batch} in it. */
    void ip(String... lines) throws IOException {
        Commands.run(Commands.concat(enter(), "ip", "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** Ends what runs in it, daemons of hooks too, and with the last of them the namespace. */
    @Override
    public void close() {
        Optional<Path> own = networkOf(holder.toHandle());
        if (own.isPresent()) {
            ProcessHandle.allProcesses()
                    .filter(process -> networkOf(process).equals(own))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** What tells its network from others; empty once the process has ended. */
    private static Optional<Path> networkOf(ProcessHandle process) {
        try {
            return Optional.of(Files.readSymbolicLink(network(process.pid())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

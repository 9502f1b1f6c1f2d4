package dev.flannelx.lab;

import dev.flannelx.hook.Hook;
import dev.flannelx.ip.Address;
import dev.flannelx.ip.Family;
import dev.flannelx.lease.Lease;
import dev.flannelx.lease.Leases;
import dev.flannelx.lease.PublicAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reports as a lab could have made them, with everything in them that may be absent. */
final class SampleReport {
    private SampleReport() {}

    /** Two nodes of a network with one family, a ping that was lost, hooks of every kind of end. */
    static LabReport oneFamily() {
        var run = new LabRun(2, 7, line -> {});
        run.record(hook("node10", Hook.PRE_STARTUP, Set.of(), 1, 0));
        run.record(hook("node2", Hook.SUBNET_ADD, Set.of("10.50.10.0/24"), 1, 1));
        run.record(hook("node2", Hook.SUBNET_ADD, Set.of("10.50.10.0/24"), 2, null));
        run.record(hook("node2", Hook.SUBNET_BATCH, Set.of("10.50.9.0/24", "10.50.10.0/24"), 1, 0));
        run.record(hook("node2", Hook.PRE_STARTUP, Set.of(), 1, 0));
        run.show(
                List.of(lease(10, "10.50.10.0/24", null, "two\nlines"), lease(2, "10.50.2.0/24", null, "")),
                List.of(
                        new Ping("node2", "node10", Family.IPV4, 0.125),
                        new Ping("node10", "node2", Family.IPV4, null)));
        return new LabReport(
                "demo",
                7,
                run,
                List.of(
                        new LabReport.Played("smoke", Scenario.Verdict.failed("1 of 2 pings answered")),
                        new LabReport.Played("leave", Scenario.Verdict.ok("node2 was removed"))));
    }

    /** Both families, and all is well. */
    static LabReport bothFamilies() {
        var run = new LabRun(2, 7, line -> {});
        var pings = new ArrayList<Ping>();
        for (Family family : Family.values()) {
            pings.add(new Ping("node1", "node2", family, 0.5));
            pings.add(new Ping("node2", "node1", family, 12.345));
        }
        run.show(
                List.of(
                        lease(1, "10.50.1.0/24,fd00:50:0:1::/64", "2001:db8::1", "a"),
                        lease(2, "10.50.2.0/24,fd00:50:0:2::/64", "2001:db8::2", "b")),
                pings);
        return new LabReport(
                "dual", 1, run, List.of(new LabReport.Played("smoke", Scenario.Verdict.ok("4 of 4 pings answered"))));
    }

    private static Lease lease(int node, String subnet, @Nullable String publicIpv6, String data) {
        var publicAddress = new PublicAddress(
                Address.parse("192.0.2." + node).orElseThrow(),
                publicIpv6 == null ? null : Address.parse(publicIpv6).orElseThrow());
        return new Lease(
                "demo",
                "node" + node,
                "uid-node" + node,
                Leases.subnet(subnet),
                publicAddress,
                "extension",
                data,
                Instant.EPOCH,
                Instant.EPOCH,
                false);
    }

    private static HookRecord hook(String node, Hook hook, Set<String> peers, int attempt, @Nullable Integer exitCode) {
        return new HookRecord(
                node,
                hook,
                peers.stream().map(Leases::subnet).collect(Collectors.toSet()),
                attempt,
                Integer.valueOf(0).equals(exitCode),
                exitCode,
                Duration.ofNanos(1_500_000L * attempt),
                Integer.valueOf(1).equals(exitCode) ? "File exists\n" : "");
    }
}
